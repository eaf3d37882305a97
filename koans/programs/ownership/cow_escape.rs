use std::borrow::Cow;

pub fn escape(text: &str) -> Cow<'_, str> {
    let special = |c: char| matches!(c, '<' | '>' | '&');
    if !text.contains(special) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            other => out.push(other),
        }
    }
    out.into()
}

pub fn with_suffix<'a>(mut text: Cow<'a, str>, suffix: &str) -> Cow<'a, str> {
    if !text.ends_with(suffix) {
        text.to_mut().push_str(suffix);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_only_when_needed() {
        assert!(matches!(escape("plain"), Cow::Borrowed("plain")));
        assert_eq!(escape("a<b & c>d"), "a&lt;b &amp; c&gt;d");
    }

    #[test]
    fn suffixes() {
        let kept = with_suffix(Cow::Borrowed("done."), ".");
        assert!(matches!(kept, Cow::Borrowed(_)));
        assert_eq!(with_suffix(escape("x"), "!").into_owned(), "x!");
    }
}
