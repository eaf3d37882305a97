const EDGES: [u32; 5] = [1, 5, 20, 100, 500];

/// Counts of response times in milliseconds by fixed bins.
#[derive(Debug, Default, Clone)]
pub struct LatencyBins {
    counts: [u64; EDGES.len() + 1],
}

impl LatencyBins {
    pub fn record(&mut self, millis: u32) {
        let bin = EDGES.partition_point(|&edge| edge <= millis);
        self.counts[bin] += 1;
    }

    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Upper edge of the bin holding the given share; `None` for the last bin.
    pub fn quantile(&self, percent: u8) -> Option<u32> {
        let target = (self.total() * u64::from(percent)).div_ceil(100);
        let mut passed = 0;
        for (count, edge) in self.counts.iter().zip(EDGES) {
            passed += count;
            if passed >= target {
                return Some(edge);
            }
        }
        None
    }

    pub fn rows(&self) -> Vec<String> {
        let labels = EDGES
            .iter()
            .map(|edge| format!("<{edge}"))
            .chain(std::iter::once("rest".to_string()));
        labels
            .zip(&self.counts)
            .filter(|(_, count)| **count > 0)
            .map(|(label, count)| format!("{label:>5} {count}"))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> LatencyBins {
        let mut bins = LatencyBins::default();
        for millis in [0, 1, 4, 5, 19, 99, 500, 3, 2, 7] {
            bins.record(millis);
        }
        bins
    }

    #[test]
    fn quantiles() {
        let bins = sample();
        assert_eq!(bins.total(), 10);
        assert_eq!(bins.quantile(50), Some(5));
        assert_eq!(bins.quantile(51), Some(20));
        assert_eq!(bins.quantile(90), Some(100));
        assert_eq!(bins.quantile(91), None);
    }

    #[test]
    fn rows_skip_empty_bins() {
        let mut bins = sample();
        let before = bins.clone();
        bins.record(0);
        assert_eq!(
            before.rows(),
            ["   <1 1", "   <5 4", "  <20 3", " <100 1", " rest 1"]
        );
        assert_eq!(bins.rows()[0], "   <1 2");
    }
}
