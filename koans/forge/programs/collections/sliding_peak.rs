use std::collections::VecDeque;

/// Highest reading among the last `width` readings.
pub struct SlidingPeak<T> {
    width: usize,
    seen: usize,
    candidates: VecDeque<(usize, T)>,
}

impl<T: PartialOrd + Copy> SlidingPeak<T> {
    pub fn new(width: usize) -> Self {
        SlidingPeak {
            width: width.max(1),
            seen: 0,
            candidates: VecDeque::new(),
        }
    }

    pub fn feed(&mut self, reading: T) -> T {
        while let Some(&(_, last)) = self.candidates.back() {
            if last > reading {
                break;
            }
            self.candidates.pop_back();
        }
        self.candidates.push_back((self.seen, reading));
        self.seen += 1;
        let oldest = self.seen.saturating_sub(self.width);
        if self.candidates[0].0 < oldest {
            self.candidates.pop_front();
        }
        self.candidates[0].1
    }
}

pub fn peaks(readings: &[f64], width: usize) -> Vec<f64> {
    let mut window = SlidingPeak::new(width);
    readings
        .iter()
        .map(|&reading| window.feed(reading))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_the_window() {
        let readings = [3.0, 1.0, 2.0, 0.5, 0.25, 4.0];
        assert_eq!(peaks(&readings, 3), [3.0, 3.0, 3.0, 2.0, 2.0, 4.0]);
        assert_eq!(peaks(&readings, 1), readings.to_vec());
    }

    #[test]
    fn works_for_integers() {
        let mut window = SlidingPeak::new(2);
        assert_eq!(window.feed(8u16), 8);
        assert_eq!(window.feed(3), 8);
        assert_eq!(window.feed(3), 3);
        assert_eq!(window.feed(5), 5);
    }
}
