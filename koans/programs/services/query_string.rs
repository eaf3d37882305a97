use std::borrow::Cow;

/// Pairs of a query such as `q=red+shoes&page=2`; plus signs become spaces.
pub fn pairs(query: &str) -> Vec<(&str, Cow<'_, str>)> {
    query
        .split('&')
        .filter(|part| !part.is_empty())
        .map(|part| {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            let value = if value.contains('+') {
                Cow::Owned(value.replace('+', " "))
            } else {
                Cow::Borrowed(value)
            };
            (key, value)
        })
        .collect()
}

pub fn page(query: &str) -> Result<u32, String> {
    match pairs(query).iter().find(|(k, _)| *k == "page") {
        None => Ok(1),
        Some((_, v)) => v.parse().map_err(|e| format!("page {v:?}: {e}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_and_spaces() {
        let got = pairs("q=red+shoes&&new&page=2");
        let keys: Vec<&str> = got.iter().map(|(k, _)| *k).collect();
        assert_eq!(keys, ["q", "new", "page"]);
        assert_eq!(got[0].1, "red shoes");
        assert!(matches!(got[2].1, Cow::Borrowed("2")));
    }

    #[test]
    fn page_numbers() {
        assert_eq!(page("page=12&q=x"), Ok(12));
        assert_eq!(page("q=x"), Ok(1));
        assert!(page("page=two").unwrap_err().starts_with("page \"two\": "));
    }
}
