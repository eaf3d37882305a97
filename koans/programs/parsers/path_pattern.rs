#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    Literal(String),
    Param(String),
    Rest,
}

/// A route such as `/users/:id/*`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    segments: Vec<Segment>,
}

impl From<&str> for Pattern {
    fn from(text: &str) -> Self {
        let segments = text
            .split('/')
            .filter(|s| !s.is_empty())
            .map(|s| match s.strip_prefix(':') {
                Some(name) => Segment::Param(name.to_string()),
                None if s == "*" => Segment::Rest,
                None => Segment::Literal(s.to_string()),
            })
            .collect();
        Pattern { segments }
    }
}

impl Pattern {
    /// The parameters in order of appearance, or nothing when the path does not fit.
    pub fn capture<'p>(&'p self, path: &'p str) -> Option<Vec<(&'p str, &'p str)>> {
        let mut parts = path.split('/').filter(|s| !s.is_empty());
        let mut found = Vec::new();
        for segment in &self.segments {
            match segment {
                Segment::Rest => return Some(found),
                Segment::Literal(text) => {
                    if parts.next()? != text {
                        return None;
                    }
                }
                Segment::Param(name) => found.push((name.as_str(), parts.next()?)),
            }
        }
        parts.next().is_none().then_some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captures_params() {
        let pattern = Pattern::from("/users/:id/posts/:post");
        let found = pattern.capture("/users/7/posts/intro/").unwrap();
        assert_eq!(found, [("id", "7"), ("post", "intro")]);
        assert_eq!(pattern.capture("/users/7/posts"), None);
        assert_eq!(pattern.capture("/users/7/posts/a/b"), None);
    }

    #[test]
    fn rest_takes_all() {
        let pattern: Pattern = "static/*".into();
        assert_eq!(pattern.capture("/static/css/main.css"), Some(vec![]));
        assert_eq!(pattern.capture("/other"), None);
        assert_eq!(pattern.clone(), Pattern::from("/static/*"));
    }
}
