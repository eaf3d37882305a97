/// Splits a slice into runs of neighbours that share a key.
pub struct RunsBy<'a, T, F> {
    rest: &'a [T],
    key: F,
}

pub fn runs_by<T, K, F>(items: &[T], key: F) -> RunsBy<'_, T, F>
where
    F: Fn(&T) -> K,
    K: PartialEq,
{
    RunsBy { rest: items, key }
}

impl<'a, T, K, F> Iterator for RunsBy<'a, T, F>
where
    F: Fn(&T) -> K,
    K: PartialEq,
{
    type Item = (K, &'a [T]);

    fn next(&mut self) -> Option<(K, &'a [T])> {
        let first = self.rest.first()?;
        let key = (self.key)(first);
        let end = self
            .rest
            .iter()
            .position(|item| (self.key)(item) != key)
            .unwrap_or(self.rest.len());
        let (run, rest) = self.rest.split_at(end);
        self.rest = rest;
        Some((key, run))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_lengths() {
        let words = ["it", "is", "the", "end", "of", "day"];
        let runs: Vec<_> = runs_by(&words, |word| word.len()).collect();
        assert_eq!(runs.len(), 4);
        assert_eq!(runs[0], (2, &words[..2]));
        assert_eq!(runs[1], (3, &words[2..4]));
        assert_eq!(runs[3], (3, &words[5..]));
    }

    #[test]
    fn runs_outlive_the_walker() {
        let readings = vec![1, 3, -2, -5, 4];
        let mut walker = runs_by(&readings, |n: &i32| *n > 0);
        let first = walker.next().unwrap();
        drop(walker);
        assert_eq!(first, (true, &[1, 3][..]));
        assert!(runs_by(&[] as &[u8], |n| *n).next().is_none());
    }
}
