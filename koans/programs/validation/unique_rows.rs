use std::collections::HashMap;
use std::hash::Hash;

/// Row numbers of every key that occurs more than once, in order of first appearance.
pub fn duplicates<T, K, F>(rows: &[T], key: F) -> Vec<(K, Vec<usize>)>
where
    K: Eq + Hash + Clone,
    F: Fn(&T) -> K,
{
    let mut seen: HashMap<K, Vec<usize>> = HashMap::new();
    let mut order = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let key = key(row);
        let places = seen.entry(key.clone()).or_default();
        if places.is_empty() {
            order.push(key);
        }
        places.push(index + 1);
    }
    order
        .into_iter()
        .filter_map(|key| seen.remove(&key).map(|places| (key, places)))
        .filter(|(_, places)| places.len() > 1)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_repeats() {
        let rows = ["Z1", "a", "z1", "b", "A", "Z1"];
        let found = duplicates(&rows, |row| row.to_lowercase());
        let expected = [
            ("z1".to_string(), vec![1, 3, 6]),
            ("a".to_string(), vec![2, 5]),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn nothing_to_report() {
        assert!(duplicates(&[(1, 'x'), (2, 'x')], |row| row.0).is_empty());
    }
}
