use std::collections::BTreeMap;

/// Answers of a survey on a scale of 1 to 5; everything else counts as blank.
pub fn tally(answers: &[&str]) -> (BTreeMap<u8, usize>, usize) {
    let mut counts = BTreeMap::new();
    let mut blank = 0;
    for answer in answers {
        match answer.trim().parse::<u8>() {
            Ok(score @ 1..=5) => *counts.entry(score).or_insert(0) += 1,
            _ => blank += 1,
        }
    }
    (counts, blank)
}

pub fn mean_score(counts: &BTreeMap<u8, usize>) -> Option<f64> {
    let votes: usize = counts.values().sum();
    let points: usize = counts
        .iter()
        .map(|(score, n)| usize::from(*score) * n)
        .sum();
    (votes > 0).then(|| points as f64 / votes as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_valid_answers() {
        let (counts, blank) = tally(&["5", " 4", "6", "", "5", "1"]);
        assert_eq!(
            counts.into_iter().collect::<Vec<_>>(),
            [(1, 1), (4, 1), (5, 2)]
        );
        assert_eq!(blank, 2);
    }

    #[test]
    fn mean_of_votes() {
        let (counts, _) = tally(&["2", "3", "3", "x", "2"]);
        assert_eq!(mean_score(&counts), Some(2.5));
        assert_eq!(mean_score(&BTreeMap::new()), None);
    }
}
