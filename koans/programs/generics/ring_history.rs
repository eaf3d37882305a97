/// Keeps the last `N` values pushed, oldest first.
#[derive(Debug, Clone)]
pub struct History<T, const N: usize> {
    items: [Option<T>; N],
    next: usize,
}

impl<T: Copy, const N: usize> History<T, N> {
    pub fn new() -> Self {
        History {
            items: [None; N],
            next: 0,
        }
    }

    pub fn push(&mut self, value: T) -> Option<T> {
        let slot = self.next % N;
        self.next += 1;
        self.items[slot].replace(value)
    }

    pub fn latest(&self) -> Option<T> {
        let last = self.next.checked_sub(1)?;
        self.items[last % N]
    }

    pub fn to_vec(&self) -> Vec<T> {
        (0..N)
            .filter_map(|i| self.items[(self.next + i) % N])
            .collect()
    }
}

impl<T, const N: usize> History<T, N>
where
    T: Copy + Into<f64>,
{
    pub fn mean(&self) -> Option<f64> {
        let values = self.to_vec();
        if values.is_empty() {
            return None;
        }
        let sum: f64 = values.iter().map(|&v| v.into()).sum();
        Some(sum / values.len() as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_last_three() {
        let mut h: History<u8, 3> = History::new();
        assert_eq!(h.latest(), None);
        assert_eq!(h.mean(), None);
        for v in [1, 2, 3] {
            assert_eq!(h.push(v), None);
        }
        assert_eq!(h.push(9), Some(1));
        assert_eq!(h.to_vec(), vec![2, 3, 9]);
        assert_eq!(h.latest(), Some(9));
    }

    #[test]
    fn averages() {
        let mut h = History::<f32, 4>::new();
        h.push(1.0);
        h.push(2.0);
        assert_eq!(h.mean(), Some(1.5));
        assert_eq!(h.to_vec(), [1.0, 2.0]);
    }
}
