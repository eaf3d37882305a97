use std::collections::HashMap;
use std::hash::Hash;

/// Instant run-off: the weakest option falls until one holds more than half the ballots.
pub fn runoff<C>(ballots: &[Vec<C>]) -> Option<C>
where
    C: Copy + Eq + Hash + Ord,
{
    let mut dropped: Vec<C> = Vec::new();
    loop {
        let mut counts: HashMap<C, usize> = HashMap::new();
        for ballot in ballots {
            for choice in ballot {
                counts.entry(*choice).or_insert(0);
            }
            if let Some(first) = ballot.iter().find(|c| !dropped.contains(c)) {
                *counts.entry(*first).or_insert(0) += 1;
            }
        }
        counts.retain(|choice, _| !dropped.contains(choice));
        let valid: usize = counts.values().sum();
        let (best, votes) = counts.iter().max_by_key(|(c, n)| (**n, **c))?;
        if votes * 2 > valid || counts.len() == 1 {
            return Some(*best);
        }
        // among equals the smallest option falls first
        let weakest = counts.iter().min_by_key(|(c, n)| (**n, **c));
        dropped.extend(weakest.map(|(c, _)| *c));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clear_majority() {
        assert_eq!(
            runoff(&[vec!["x"], vec!["y", "x"], vec!["x", "y"]]),
            Some("x")
        );
    }

    #[test]
    fn second_choices_decide() {
        let ballots = vec![
            vec!['a', 'c'],
            vec!['a', 'c'],
            vec!['b', 'c'],
            vec!['c', 'b'],
            vec!['c', 'b'],
            vec!['b', 'c'],
            vec!['d', 'b'],
        ];
        assert_eq!(runoff(&ballots), Some('c'));
    }

    #[test]
    fn ties_and_empty() {
        assert_eq!(runoff(&[vec![1u8], vec![2]]), Some(2));
        assert_eq!(runoff::<u8>(&[]), None);
        assert_eq!(runoff::<u8>(&[vec![]]), None);
    }
}
