/// What the reader of the markup wants to do with each tag.
pub trait TagPolicy {
    fn keep(&self, name: &str) -> bool;

    fn replacement(&self, _name: &str) -> Option<&str> {
        None
    }
}

pub struct Allow<const N: usize>(pub [&'static str; N]);

impl<const N: usize> TagPolicy for Allow<N> {
    fn keep(&self, name: &str) -> bool {
        self.0.contains(&name)
    }
}

pub struct Plain {
    pub gap: String,
}

impl TagPolicy for Plain {
    fn keep(&self, _: &str) -> bool {
        false
    }

    fn replacement(&self, name: &str) -> Option<&str> {
        matches!(name, "br" | "p" | "hr").then_some(self.gap.as_str())
    }
}

pub fn strip(html: &str, policy: &dyn TagPolicy) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        let (text, tagged) = rest.split_at(open);
        out.push_str(text);
        let Some(close) = tagged.find('>') else {
            out.push_str(tagged);
            return out;
        };
        let tag = &tagged[..=close];
        let name = tag
            .trim_matches(|c| matches!(c, '<' | '>' | '/'))
            .split_whitespace()
            .next()
            .unwrap_or("")
            .to_ascii_lowercase();
        if policy.keep(&name) {
            out.push_str(tag);
        } else if let Some(text) = policy.replacement(&name) {
            out.push_str(text);
        }
        rest = &tagged[close + 1..];
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_allowed_tags() {
        let policy = Allow(["b", "i"]);
        assert_eq!(strip("<b>x</b> <a href='y'>z</a>!", &policy), "<b>x</b> z!");
        assert_eq!(strip("<I >x", &policy), "<I >x");
    }

    #[test]
    fn plain_breaks() {
        let policy = Plain {
            gap: "\n".to_string(),
        };
        assert_eq!(strip("a<BR/>b<em>c</em>", &policy), "a\nbc");
    }

    #[test]
    fn unclosed_is_text() {
        assert_eq!(strip("1 < 2", &Allow([])), "1 < 2");
    }
}
