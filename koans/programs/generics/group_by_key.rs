use std::collections::BTreeMap;

pub fn group_by<T, K, F>(items: impl IntoIterator<Item = T>, key: F) -> BTreeMap<K, Vec<T>>
where
    K: Ord,
    F: Fn(&T) -> K,
{
    let mut groups: BTreeMap<K, Vec<T>> = BTreeMap::new();
    for item in items {
        groups.entry(key(&item)).or_default().push(item);
    }
    groups
}

pub fn sizes<K: Ord + Clone, T>(groups: &BTreeMap<K, Vec<T>>) -> Vec<(K, usize)> {
    groups.iter().map(|(k, v)| (k.clone(), v.len())).collect()
}

fn main() {
    let words = ["fig", "kiwi", "plum"];
    println!("{:?}", sizes(&group_by(words, |w| w.len())));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_words_by_length() {
        let groups = group_by(vec!["to", "be", "or", "not"], |w| w.len());
        assert_eq!(groups[&2], vec!["to", "be", "or"]);
        assert_eq!(groups[&3], vec!["not"]);
    }

    #[test]
    fn counts_sizes() {
        let groups = group_by(1..=7u32, |n| if n % 3 == 0 { "third" } else { "other" });
        assert_eq!(sizes(&groups), vec![("other", 5), ("third", 2)]);
        assert!(sizes::<u8, u8>(&BTreeMap::new()).is_empty());
    }
}
