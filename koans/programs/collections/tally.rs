use std::collections::HashMap;
use std::hash::Hash;

pub fn tally<T, I>(items: I) -> HashMap<T, usize>
where
    T: Eq + Hash,
    I: IntoIterator<Item = T>,
{
    let mut counts = HashMap::new();
    for item in items {
        *counts.entry(item).or_insert(0) += 1;
    }
    counts
}

/// The `limit` most frequent items; ties in natural order.
pub fn leaders<T: Ord + Clone>(counts: &HashMap<T, usize>, limit: usize) -> Vec<(T, usize)> {
    let mut pairs: Vec<(&T, &usize)> = counts.iter().collect();
    pairs.sort_by(|a, b| b.1.cmp(a.1).then_with(|| a.0.cmp(b.0)));
    pairs
        .into_iter()
        .take(limit)
        .map(|(item, count)| (item.clone(), *count))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_words() {
        let counts = tally("to be or not to be".split(' '));
        assert_eq!(counts["to"], 2);
        assert_eq!(counts["or"], 1);
        assert_eq!(counts.len(), 4);
    }

    #[test]
    fn leaders_break_ties() {
        let counts = tally(vec![5u8, 9, 5, 1, 9, 7]);
        assert_eq!(leaders(&counts, 3), [(5, 2), (9, 2), (1, 1)]);
        assert_eq!(leaders(&counts, 0), []);
    }
}
