/// Yields each item together with the one before it.
pub struct Pairwise<I: Iterator> {
    inner: I,
    before: Option<I::Item>,
}

impl<I> Iterator for Pairwise<I>
where
    I: Iterator,
    I::Item: Clone,
{
    type Item = (I::Item, I::Item);

    fn next(&mut self) -> Option<Self::Item> {
        if self.before.is_none() {
            self.before = self.inner.next();
        }
        let current = self.inner.next()?;
        let before = self.before.replace(current.clone())?;
        Some((before, current))
    }
}

pub trait PairwiseExt: Iterator + Sized {
    fn pairwise(self) -> Pairwise<Self> {
        Pairwise {
            inner: self,
            before: None,
        }
    }
}

impl<I: Iterator> PairwiseExt for I {}

/// Differences between following meter readings.
pub fn consumption(readings: &[u32]) -> Vec<i64> {
    readings
        .iter()
        .copied()
        .pairwise()
        .map(|(before, now)| i64::from(now) - i64::from(before))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_overlap() {
        let words = ["a", "b", "c"].map(String::from);
        let joined: Vec<String> = words.into_iter().pairwise().map(|(x, y)| x + &y).collect();
        assert_eq!(joined, ["ab", "bc"]);
        assert_eq!(std::iter::once(1).pairwise().next(), None);
    }

    #[test]
    fn differences() {
        assert_eq!(consumption(&[10, 14, 9]), [4, -5]);
        assert!(consumption(&[]).is_empty());
    }
}
