use std::borrow::Cow;
use std::collections::HashMap;

/// Expands `%name%` marks, borrowing the text when it has none.
pub fn expand<'t>(text: &'t str, vars: &HashMap<&str, String>) -> Cow<'t, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for (i, piece) in text.split('%').enumerate() {
        match (i % 2, vars.get(piece)) {
            (0, _) => out.push_str(piece),
            (_, Some(value)) => out.push_str(value),
            (_, None) => out.push('?'),
        }
    }
    Cow::Owned(out)
}

pub fn borrowed_count(texts: &[&str], vars: &HashMap<&str, String>) -> usize {
    texts
        .iter()
        .filter(|text| matches!(expand(text, vars), Cow::Borrowed(_)))
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expands_known_names() {
        let vars = HashMap::from([("user", "Ida".to_string()), ("n", 3.to_string())]);
        assert_eq!(expand("Dear %user%, %n% left", &vars), "Dear Ida, 3 left");
        assert_eq!(expand("%who%!", &vars), "?!");
        assert_eq!(expand("plain", &vars).into_owned(), "plain");
    }

    #[test]
    fn plain_text_is_borrowed() {
        let vars = HashMap::new();
        assert_eq!(borrowed_count(&["a", "b%c%", "d"], &vars), 2);
    }
}
