use std::collections::HashSet;

/// Pairs of users that follow each other, each pair once and in order.
pub fn mutual(follows: &[(String, String)]) -> Vec<(&str, &str)> {
    let all: HashSet<(&str, &str)> = follows
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    let mut pairs: Vec<_> = all
        .iter()
        .filter(|(a, b)| a < b && all.contains(&(*b, *a)))
        .copied()
        .collect();
    pairs.sort();
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn follows(rows: &[(&str, &str)]) -> Vec<(String, String)> {
        rows.iter()
            .map(|(a, b)| (a.to_string(), b.to_string()))
            .collect()
    }

    #[test]
    fn both_directions_needed() {
        let rows = follows(&[("z", "a"), ("a", "z"), ("a", "c"), ("d", "b"), ("b", "d")]);
        assert_eq!(mutual(&rows), [("a", "z"), ("b", "d")]);
    }

    #[test]
    fn self_follows_do_not_count() {
        assert!(mutual(&follows(&[("a", "a"), ("a", "b")])).is_empty());
        assert!(mutual(&[]).is_empty());
    }
}
