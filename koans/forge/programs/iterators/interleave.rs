use std::collections::VecDeque;

/// Takes one item from each source in turn until all are empty.
pub struct RoundRobin<'a, T> {
    sources: VecDeque<Box<dyn Iterator<Item = T> + 'a>>,
}

impl<'a, T> RoundRobin<'a, T> {
    pub fn new() -> Self {
        RoundRobin {
            sources: VecDeque::new(),
        }
    }

    pub fn with<I>(mut self, source: I) -> Self
    where
        I: IntoIterator<Item = T>,
        I::IntoIter: 'a,
    {
        self.sources.push_back(Box::new(source.into_iter()));
        self
    }
}

impl<T> Iterator for RoundRobin<'_, T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        while let Some(mut source) = self.sources.pop_front() {
            if let Some(item) = source.next() {
                self.sources.push_back(source);
                return Some(item);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_turns() {
        let owned = vec![1, 2, 3];
        let mixed = RoundRobin::new()
            .with(owned.iter().copied())
            .with(10..11)
            .with(Some(20))
            .with([30, 31]);
        assert_eq!(mixed.collect::<Vec<i32>>(), [1, 10, 20, 30, 2, 31, 3]);
    }

    #[test]
    fn no_sources() {
        assert_eq!(RoundRobin::<u8>::new().next(), None);
        let empty = RoundRobin::new().with(Vec::<char>::new());
        assert_eq!(empty.count(), 0);
    }
}
