/// Weighted table; the caller brings the random number.
#[derive(Debug, Clone)]
pub struct LootTable<T> {
    entries: Vec<(u32, T)>,
}

impl<T> LootTable<T> {
    pub fn new() -> Self {
        Self {
            entries: Vec::new(),
        }
    }

    pub fn with(mut self, weight: u32, thing: T) -> Self {
        self.entries.push((weight, thing));
        self
    }

    pub fn total(&self) -> u32 {
        self.entries.iter().map(|(w, _)| *w).sum()
    }

    pub fn pick(&self, number: u32) -> Option<&T> {
        let mut n = number.checked_rem(self.total())?;
        self.entries.iter().find_map(|(w, t)| {
            if n < *w {
                return Some(t);
            }
            n -= w;
            None
        })
    }

    /// Same weights, other things.
    pub fn map<U>(self, f: impl Fn(T) -> U) -> LootTable<U> {
        LootTable {
            entries: self.entries.into_iter().map(|(w, t)| (w, f(t))).collect(),
        }
    }
}

impl<T> Default for LootTable<T> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_decide() {
        let t = LootTable::new().with(3, "dust").with(1, "gem");
        assert_eq!(t.total(), 4);
        let picks: Vec<_> = (0..5).filter_map(|n| t.pick(n)).collect();
        assert_eq!(picks, [&"dust", &"dust", &"dust", &"gem", &"dust"]);
        let lengths = t.clone().map(|s| s.len());
        assert_eq!(lengths.pick(7), Some(&3));
        assert_eq!(lengths.pick(8), Some(&4));
    }

    #[test]
    fn empty() {
        assert_eq!(LootTable::<u8>::default().pick(4), None);
    }
}
