use std::cmp::Ordering;
use std::fmt;

/// A release tag such as `2.4.0-beta`; a pre-release sorts before the release it leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    pub major: u16,
    pub minor: u16,
    pub pre: Option<String>,
}

impl Tag {
    pub fn release(major: u16, minor: u16) -> Self {
        Tag {
            major,
            minor,
            pre: None,
        }
    }

    pub fn with_pre(mut self, label: &str) -> Self {
        self.pre = Some(label.to_owned());
        self
    }
}

impl Ord for Tag {
    fn cmp(&self, other: &Self) -> Ordering {
        let numbers = self
            .major
            .cmp(&other.major)
            .then(self.minor.cmp(&other.minor));
        numbers.then_with(|| match (&self.pre, &other.pre) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (Some(a), Some(b)) => a.cmp(b),
        })
    }
}

impl PartialOrd for Tag {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v{}.{}", self.major, self.minor)?;
        if let Some(pre) = &self.pre {
            write!(f, "-{pre}")?;
        }
        Ok(())
    }
}

pub fn newest(tags: &[Tag]) -> Option<&Tag> {
    tags.iter().max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pre_releases_come_first() {
        let beta = Tag::release(2, 0).with_pre("beta");
        let alpha = Tag::release(2, 0).with_pre("alpha");
        assert!(beta < Tag::release(2, 0));
        assert!(alpha < beta);
        assert!(Tag::release(1, 9) < alpha);
    }

    #[test]
    fn newest_and_text() {
        let tags = vec![
            Tag::release(1, 2),
            Tag::release(1, 10).with_pre("rc1"),
            Tag::release(1, 3),
        ];
        assert_eq!(newest(&tags).unwrap().to_string(), "v1.10-rc1");
        assert_eq!(tags[2].to_string(), "v1.3");
        assert!(newest(&[]).is_none());
    }
}
