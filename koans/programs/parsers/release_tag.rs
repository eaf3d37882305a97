use std::cmp::Ordering;
use std::num::ParseIntError;

/// A release such as `v3.11-beta2`; previews come before the release itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    numbers: Vec<u32>,
    preview: Option<String>,
}

impl Release {
    pub fn parse(tag: &str) -> Result<Self, ParseIntError> {
        let tag = tag.strip_prefix('v').unwrap_or(tag);
        let (core, preview) = match tag.split_once('-') {
            Some((core, preview)) => (core, Some(preview.to_string())),
            None => (tag, None),
        };
        let numbers = core
            .split('.')
            .map(str::parse)
            .collect::<Result<Vec<u32>, _>>()?;
        Ok(Release { numbers, preview })
    }

    pub fn is_preview(&self) -> bool {
        self.preview.is_some()
    }
}

impl Ord for Release {
    fn cmp(&self, other: &Self) -> Ordering {
        self.numbers
            .cmp(&other.numbers)
            .then_with(|| match (&self.preview, &other.preview) {
                (None, None) => Ordering::Equal,
                (None, Some(_)) => Ordering::Greater,
                (Some(_), None) => Ordering::Less,
                (Some(a), Some(b)) => a.cmp(b),
            })
    }
}

impl PartialOrd for Release {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

pub fn newest<'a>(tags: &[&'a str]) -> Option<&'a str> {
    tags.iter()
        .filter_map(|tag| Some((Release::parse(tag).ok()?, *tag)))
        .max_by(|(a, _), (b, _)| a.cmp(b))
        .map(|(_, tag)| tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn release(tag: &str) -> Release {
        Release::parse(tag).unwrap()
    }

    #[test]
    fn orders_by_number() {
        assert!(release("v3.9") < release("3.11"));
        assert!(release("3.11-beta2") < release("3.11"));
        assert!(release("3.11-beta2") > release("3.11-alpha9"));
        assert!(release("2") < release("2.0"));
    }

    #[test]
    fn picks_the_newest() {
        let tags = ["v1.2", "junk", "v1.10-rc1", "v1.9"];
        assert_eq!(newest(&tags), Some("v1.10-rc1"));
        assert_eq!(newest(&["nope"]), None);
    }

    #[test]
    fn knows_previews() {
        assert!(release("1-a").is_preview());
        assert!(!release("v1").is_preview());
        assert!(Release::parse("1.x").is_err());
    }
}
