#[derive(Debug, PartialEq, Eq, Clone)]
pub struct Tags(Vec<String>);

impl Tags {
    pub const LIMIT: usize = 4;

    /// Sorted and without repeats; the error names the first unusable tag.
    pub fn collect<'a>(raw: impl IntoIterator<Item = &'a str>) -> Result<Tags, String> {
        let mut tags = Vec::new();
        for tag in raw {
            if tag.len() < 2 || tag.contains(char::is_whitespace) {
                return Err(format!("unusable tag {tag:?}"));
            }
            tags.push(tag.to_lowercase());
        }
        tags.sort();
        tags.dedup();
        match tags.len() {
            0..=Self::LIMIT => Ok(Tags(tags)),
            n => Err(format!("{n} tags, at most {}", Self::LIMIT)),
        }
    }

    pub fn shared_with(&self, other: &Tags) -> usize {
        self.0.iter().filter(|tag| other.0.contains(tag)).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn collects() {
        let tags = Tags::collect(["rust", "Web", "RUST"]).unwrap();
        assert_eq!(tags, Tags(vec!["rust".into(), "web".into()]));
        let other = Tags::collect("web db".split(' ')).unwrap();
        assert_eq!(tags.shared_with(&other), 1);
        assert_eq!(tags.shared_with(&tags.clone()), 2);
    }

    #[test]
    fn refuses() {
        assert_eq!(
            Tags::collect(["ok", "x"]),
            Err("unusable tag \"x\"".to_string())
        );
        assert_eq!(
            Tags::collect(["a b"]),
            Err("unusable tag \"a b\"".to_string())
        );
        let many = ["aa", "bb", "cc", "dd", "ee", "aa"];
        assert_eq!(Tags::collect(many), Err("5 tags, at most 4".to_string()));
    }
}
