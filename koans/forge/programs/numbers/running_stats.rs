/// Mean and spread of a stream, without keeping the values.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct RunningStats {
    count: u32,
    mean: f64,
    squares: f64,
}

impl RunningStats {
    pub fn push(&mut self, value: f64) {
        self.count += 1;
        let delta = value - self.mean;
        self.mean += delta / f64::from(self.count);
        self.squares += delta * (value - self.mean);
    }

    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then_some(self.mean)
    }

    pub fn variance(&self) -> Option<f64> {
        if self.count < 2 {
            None
        } else {
            Some(self.squares / f64::from(self.count - 1))
        }
    }

    pub fn merged(self, other: Self) -> Self {
        if self.count == 0 {
            return other;
        }
        let count = self.count + other.count;
        let (n, m) = (f64::from(self.count), f64::from(other.count));
        let gap = other.mean - self.mean;
        RunningStats {
            count,
            mean: self.mean + gap * m / (n + m),
            squares: self.squares + other.squares + gap * gap * n * m / (n + m),
        }
    }
}

impl FromIterator<f64> for RunningStats {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        let mut stats = RunningStats::default();
        values.into_iter().for_each(|value| stats.push(value));
        stats
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mean_and_variance() {
        let stats: RunningStats = [2.0, 4.0, 6.0].into_iter().collect();
        assert_eq!(stats.mean(), Some(4.0));
        assert_eq!(stats.variance(), Some(4.0));
        let empty = RunningStats::default();
        assert_eq!((empty.mean(), empty.variance()), (None, None));
    }

    #[test]
    fn merging_equals_feeding_all() {
        let left: RunningStats = [1.0, 3.0].into_iter().collect();
        let right: RunningStats = [5.0, 7.0].into_iter().collect();
        let both = left.merged(right);
        assert_eq!(both.mean(), Some(4.0));
        assert_eq!(both.variance(), Some(20.0 / 3.0));
        assert_eq!(RunningStats::default().merged(left), left);
    }
}
