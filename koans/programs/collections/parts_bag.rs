use std::collections::HashMap;

/// A bag of part numbers with how many of each are at hand.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct PartsBag(HashMap<String, u32>);

impl PartsBag {
    pub fn put(&mut self, part: &str, count: u32) -> &mut Self {
        *self.0.entry(part.to_string()).or_insert(0) += count;
        self
    }

    pub fn count(&self, part: &str) -> u32 {
        self.0.get(part).copied().unwrap_or(0)
    }

    /// What `other` asks for and this bag cannot supply, sorted by name.
    pub fn shortfall(&self, other: &PartsBag) -> Vec<(String, u32)> {
        let mut missing: Vec<_> = other
            .0
            .iter()
            .map(|(part, need)| (part.clone(), need.saturating_sub(self.count(part))))
            .filter(|(_, lack)| *lack > 0)
            .collect();
        missing.sort();
        missing
    }

    pub fn take_all(&mut self, other: &PartsBag) -> bool {
        if !self.shortfall(other).is_empty() {
            return false;
        }
        for (part, need) in &other.0 {
            if let Some(held) = self.0.get_mut(part) {
                *held -= need;
            }
        }
        self.0.retain(|_, held| *held > 0);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shortfall_lists_missing_parts() {
        let mut shelf = PartsBag::default();
        shelf.put("nut", 5).put("bolt", 2).put("nut", 1);
        let mut order = PartsBag::default();
        order.put("nut", 6).put("bolt", 3).put("washer", 8);
        assert_eq!(shelf.count("nut"), 6);
        let lack = shelf.shortfall(&order);
        assert_eq!(
            lack,
            [("bolt".to_string(), 1), ("washer".to_string(), 8)].to_vec()
        );
        let before = shelf.clone();
        assert!(!shelf.take_all(&order));
        assert_eq!(shelf, before);
    }

    #[test]
    fn taking_empties_entries() {
        let mut shelf = PartsBag::default();
        shelf.put("nut", 3).put("bolt", 2);
        let mut order = PartsBag::default();
        order.put("nut", 3).put("bolt", 1);
        assert!(shelf.take_all(&order));
        let mut rest = PartsBag::default();
        rest.put("bolt", 1);
        assert_eq!(shelf, rest);
        assert_eq!(shelf.count("nut"), 0);
    }
}
