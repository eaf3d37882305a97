use std::collections::BTreeMap;

/// Reads `key = value; key = value`; the last mention of a key wins.
pub fn parse_pairs(input: &str) -> Option<BTreeMap<String, String>> {
    let mut pairs = BTreeMap::new();
    for part in input.split(';').map(str::trim).filter(|p| !p.is_empty()) {
        let (key, value) = part.split_once('=')?;
        let key = key.trim();
        if key.is_empty() {
            return None;
        }
        pairs.insert(key.to_lowercase(), value.trim().to_string());
    }
    Some(pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_pairs() {
        let pairs = parse_pairs("Host = db1; port=5432;; host=db2;").unwrap();
        assert_eq!(pairs.len(), 2);
        assert_eq!(pairs["host"], "db2");
        assert_eq!(pairs["port"], "5432");
    }

    #[test]
    fn rejects_bare_words() {
        assert_eq!(parse_pairs("host"), None);
        assert_eq!(parse_pairs("=x"), None);
        assert_eq!(parse_pairs(""), Some(BTreeMap::new()));
    }
}
