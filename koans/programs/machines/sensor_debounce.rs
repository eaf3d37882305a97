#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Debounce {
    stable: bool,
    streak: u8,
    needed: u8,
}

impl Debounce {
    pub fn new(needed: u8) -> Self {
        Debounce {
            stable: false,
            streak: 0,
            needed,
        }
    }

    /// The new level once it was seen often enough in a row, otherwise nothing.
    pub fn sample(&mut self, level: bool) -> Option<bool> {
        if level == self.stable {
            self.streak = 0;
            return None;
        }
        self.streak += 1;
        (self.streak >= self.needed).then(|| {
            self.streak = 0;
            self.stable = level;
            level
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edges(needed: u8, signal: &str) -> Vec<(usize, bool)> {
        let mut debounce = Debounce::new(needed);
        let levels = signal.chars().map(|c| c == '1').enumerate();
        levels
            .filter_map(|(i, level)| Some((i, debounce.sample(level)?)))
            .collect()
    }

    #[test]
    fn ignores_glitches() {
        assert_eq!(edges(3, "0110111011000"), [(6, true), (12, false)]);
        assert_eq!(edges(2, "0101010"), []);
    }

    #[test]
    fn one_sample_is_enough() {
        assert_eq!(edges(1, "0101"), [(1, true), (2, false), (3, true)]);
    }
}
