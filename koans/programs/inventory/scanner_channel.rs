use std::collections::BTreeMap;
use std::sync::mpsc;
use std::thread;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scan {
    pub shelf: String,
    pub boxes: u16,
}

/// Several scanners walk the same shelves; where they differ the larger count is kept.
pub fn collect_counts(walks: Vec<Vec<Scan>>) -> BTreeMap<String, (usize, u16)> {
    let (sender, receiver) = mpsc::channel();
    let handles: Vec<_> = walks
        .into_iter()
        .enumerate()
        .map(|(scanner, walk)| {
            let sender = sender.clone();
            thread::spawn(move || {
                for scan in walk {
                    sender.send((scanner, scan)).unwrap();
                }
            })
        })
        .collect();
    drop(sender);
    let mut counts: BTreeMap<String, (usize, u16)> = BTreeMap::new();
    for (scanner, scan) in receiver {
        let kept = counts.entry(scan.shelf).or_insert((scanner, scan.boxes));
        if (scan.boxes, kept.0) > (kept.1, scanner) {
            *kept = (scanner, scan.boxes);
        }
    }
    for handle in handles {
        handle.join().unwrap();
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan(shelf: &str, boxes: u16) -> Scan {
        Scan {
            shelf: shelf.to_string(),
            boxes,
        }
    }

    #[test]
    fn larger_count_is_kept() {
        let first = vec![scan("s1", 4), scan("s2", 9)];
        let counts = collect_counts(vec![first.clone(), vec![scan("s2", 7), scan("s1", 5)]]);
        assert_eq!(counts["s1"], (1, 5));
        assert_eq!(counts["s2"], (0, 9));
        assert_eq!(first.len(), 2);
    }

    #[test]
    fn equal_counts_keep_the_lower_scanner() {
        let counts = collect_counts(vec![vec![scan("a", 3)], vec![scan("a", 3)]]);
        assert_eq!(
            counts.into_iter().collect::<Vec<_>>(),
            [("a".to_string(), (0, 3))]
        );
        assert!(collect_counts(vec![]).is_empty());
    }
}
