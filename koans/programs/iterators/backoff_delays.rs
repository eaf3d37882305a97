/// Waiting times before each new try, growing up to a ceiling.
#[derive(Debug, Clone, Copy)]
pub struct Delays {
    next: u64,
    factor: u64,
    ceiling: u64,
    left: u32,
}

impl Delays {
    pub fn starting_at(first: u64) -> Self {
        Delays {
            next: first,
            factor: 2,
            ceiling: u64::MAX,
            left: 5,
        }
    }

    pub fn factor(self, factor: u64) -> Self {
        Delays { factor, ..self }
    }

    pub fn ceiling(mut self, ceiling: u64) -> Self {
        self.ceiling = ceiling;
        self
    }

    pub fn tries(mut self, tries: u32) -> Self {
        self.left = tries;
        self
    }
}

impl Iterator for Delays {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        self.left = self.left.checked_sub(1)?;
        let delay = self.next.min(self.ceiling);
        self.next = self.next.saturating_mul(self.factor);
        Some(delay)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.left as usize;
        (left, Some(left))
    }
}

impl ExactSizeIterator for Delays {}

/// Calls `attempt` until it gives a value; also returns the time waited.
pub fn retry<T>(delays: Delays, mut attempt: impl FnMut() -> Option<T>) -> (Option<T>, u64) {
    let mut waited = 0;
    for delay in delays {
        if let Some(value) = attempt() {
            return (Some(value), waited);
        }
        waited += delay;
    }
    (None, waited)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_grow_to_the_ceiling() {
        let delays = Delays::starting_at(100).factor(3).ceiling(1000).tries(4);
        assert_eq!(delays.len(), 4);
        assert_eq!(delays.collect::<Vec<_>>(), [100, 300, 900, 1000]);
        assert_eq!(Delays::starting_at(1).last(), Some(16));
    }

    #[test]
    fn retry_counts_waiting() {
        let mut calls = 0;
        let delays = Delays::starting_at(10);
        let result = retry(delays, || {
            calls += 1;
            (calls == 3).then(|| calls.to_string())
        });
        assert_eq!(result, (Some("3".to_string()), 30));
        assert_eq!(retry(delays.tries(2), || None::<u8>), (None, 30));
    }
}
