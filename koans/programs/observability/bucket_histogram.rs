#[derive(Debug, Clone)]
pub struct Histogram {
    bounds: Vec<u32>,
    counts: Vec<u64>,
}

impl Histogram {
    pub fn new(bounds: &[u32]) -> Self {
        let counts = vec![0; bounds.len() + 1];
        let bounds = bounds.to_vec();
        Histogram { bounds, counts }
    }

    pub fn record(&mut self, value: u32) {
        let slot = self.bounds.partition_point(|b| *b < value);
        self.counts[slot] += 1;
    }

    /// Upper bound of the bucket that holds the quantile; none for the open last bucket.
    pub fn quantile(&self, q: f64) -> Option<u32> {
        let total: u64 = self.counts.iter().sum();
        let rank = (q * total as f64).ceil() as u64;
        let mut seen = 0;
        let slot = self.counts.iter().position(|n| {
            seen += n;
            seen >= rank
        })?;
        self.bounds.get(slot).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles() {
        let mut h = Histogram::new(&[10, 50, 100]);
        for v in [3, 10, 11, 50, 99] {
            h.record(v);
        }
        assert_eq!(h.quantile(0.4), Some(10));
        assert_eq!(h.quantile(0.5), Some(50));
        assert_eq!(h.quantile(1.0), Some(100));
    }

    #[test]
    fn copies_are_apart() {
        let mut a = Histogram::new(&[5]);
        let b = a.clone();
        a.record(6);
        a.record(7);
        a.record(1);
        assert_eq!(a.quantile(0.3), Some(5));
        assert_eq!(a.quantile(0.9), None);
        assert_eq!(b.quantile(0.9), Some(5));
    }
}
