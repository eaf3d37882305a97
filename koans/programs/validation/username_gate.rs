use std::borrow::Cow;

pub fn normalize(raw: &str) -> Cow<'_, str> {
    let trimmed = raw.trim();
    if trimmed.chars().any(|c| c.is_ascii_uppercase()) {
        trimmed.to_ascii_lowercase().into()
    } else {
        trimmed.into()
    }
}

/// The first thing that is wrong with a user name, if any.
pub fn objection(raw: &str, taken: &[String]) -> Option<&'static str> {
    let name = normalize(raw);
    if !(3..=12).contains(&name.len()) {
        return Some("must have 3 to 12 characters");
    }
    if !name.bytes().all(|b| b.is_ascii_lowercase() || b == b'.') {
        return Some("may only contain letters and dots");
    }
    if name.starts_with('.') || name.ends_with('.') || name.contains("..") {
        return Some("has a misplaced dot");
    }
    taken.iter().any(|t| *t == name).then_some("is taken")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normalizes() {
        assert!(matches!(normalize(" ada "), Cow::Borrowed("ada")));
        assert_eq!(normalize("AdA"), "ada");
    }

    #[test]
    fn objects() {
        let taken = vec!["ada.k".to_string()];
        assert_eq!(
            objection("ad", &taken),
            Some("must have 3 to 12 characters")
        );
        assert_eq!(
            objection("ada2", &taken),
            Some("may only contain letters and dots")
        );
        assert_eq!(objection("ada..k", &taken), Some("has a misplaced dot"));
        assert_eq!(objection(" Ada.K ", &taken), Some("is taken"));
        assert_eq!(objection("bob", &taken), None);
    }
}
