#[derive(Debug, Clone, Default)]
pub struct Cookie {
    text: String,
}

impl Cookie {
    pub fn new(name: &str, value: impl ToString) -> Self {
        let text = format!("{name}={}", value.to_string());
        Cookie { text }
    }

    pub fn with(mut self, attribute: &str, value: Option<u32>) -> Self {
        self.text += "; ";
        self.text += attribute;
        if let Some(v) = value {
            self.text += &format!("={v}");
        }
        self
    }

    pub fn header(&self) -> (&'static str, &str) {
        ("Set-Cookie", &self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_follow() {
        let base = Cookie::new("sid", 8123u64).with("Secure", None);
        let short = base.clone().with("Max-Age", Some(60));
        assert_eq!(
            short.header(),
            ("Set-Cookie", "sid=8123; Secure; Max-Age=60")
        );
        assert_eq!(base.header().1, "sid=8123; Secure");
    }

    #[test]
    fn plain() {
        assert_eq!(Cookie::new("theme", "dark").header().1, "theme=dark");
        assert_eq!(Cookie::default().header().1, "");
    }
}
