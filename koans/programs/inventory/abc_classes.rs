/// Ranks articles by turnover: A for the first 80 percent, B up to 95, C the rest.
pub fn classify(turnover: &[(String, u64)]) -> Vec<(&str, char)> {
    let total: u64 = turnover.iter().map(|(_, value)| value).sum();
    let mut ranked: Vec<&(String, u64)> = turnover.iter().collect();
    ranked.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let mut before = 0;
    let mut classes = Vec::new();
    for (name, value) in ranked {
        let class = match before * 100 {
            seen if seen < total * 80 => 'A',
            seen if seen < total * 95 => 'B',
            _ => 'C',
        };
        classes.push((name.as_str(), class));
        before += value;
    }
    classes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[(&str, u64)]) -> Vec<(String, u64)> {
        rows.iter().map(|(n, v)| (n.to_string(), *v)).collect()
    }

    #[test]
    fn classes_follow_turnover() {
        let rows = table(&[("pin", 3), ("saw", 60), ("axe", 25), ("cap", 12)]);
        assert_eq!(
            classify(&rows),
            vec![("saw", 'A'), ("axe", 'A'), ("cap", 'B'), ("pin", 'C')]
        );
    }

    #[test]
    fn ties_are_by_name() {
        let rows = table(&[("b", 10), ("a", 10)]);
        assert_eq!(classify(&rows), vec![("a", 'A'), ("b", 'A')]);
        assert!(classify(&[]).is_empty());
    }
}
