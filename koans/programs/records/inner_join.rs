use std::collections::HashMap;
use std::hash::Hash;

/// Joins two lists on a key; the order of the left side is kept.
pub fn inner_join<'a, L, R, K>(
    left: &'a [L],
    right: &'a [R],
    left_key: impl Fn(&L) -> K,
    right_key: impl Fn(&R) -> K,
) -> Vec<(&'a L, &'a R)>
where
    K: Eq + Hash,
{
    let mut index: HashMap<K, Vec<&'a R>> = HashMap::new();
    for row in right {
        index.entry(right_key(row)).or_default().push(row);
    }
    let mut pairs = Vec::new();
    for row in left {
        if let Some(matches) = index.get(&left_key(row)) {
            pairs.extend(matches.iter().map(|other| (row, *other)));
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins_all_matches() {
        let orders = vec![("o1", 7), ("o2", 9), ("o3", 7), ("o4", 5)];
        let clients = vec![(7u8, "Ida"), (9, "Kai"), (9, "Kai Junior")];
        let pairs = inner_join(&orders, &clients, |o| o.1, |c| c.0);
        let shown: Vec<String> = pairs
            .iter()
            .map(|(o, c)| format!("{}:{}", o.0, c.1))
            .collect();
        assert_eq!(shown, ["o1:Ida", "o2:Kai", "o2:Kai Junior", "o3:Ida"]);
    }

    #[test]
    fn keys_may_be_strings() {
        let left = vec!["Apple".to_string()];
        let right = vec!["APPLE".to_string(), "pear".to_string()];
        let pairs = inner_join(&left, &right, |l| l.to_lowercase(), |r| r.to_lowercase());
        assert_eq!(pairs, vec![(&left[0], &right[0])]);
    }
}
