use std::collections::HashMap;
use std::hash::Hash;

/// The `n` most frequent items; equal counts go by the item.
pub fn top<T, I>(items: I, n: usize) -> Vec<(T, usize)>
where
    T: Hash + Ord + Clone,
    I: IntoIterator<Item = T>,
{
    let mut counts: HashMap<T, usize> = HashMap::new();
    for item in items {
        *counts.entry(item).or_insert(0) += 1;
    }
    let mut ranked: Vec<_> = counts.into_iter().collect();
    ranked.sort_by_key(|(item, count)| (usize::MAX - count, item.clone()));
    ranked.truncate(n);
    ranked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn most_frequent_first() {
        let hosts = "b a c a b d a".split(' ');
        assert_eq!(top(hosts, 3), [("a", 3), ("b", 2), ("c", 1)]);
    }

    #[test]
    fn owned_items() {
        let codes = vec![Some(404u16), None, Some(404)];
        assert_eq!(top(codes, 9), [(Some(404), 2), (None, 1)]);
        assert!(top(Vec::<u8>::new(), 2).is_empty());
    }
}
