use std::collections::HashMap;

#[derive(Default)]
pub struct Heartbeats {
    last: HashMap<String, u64>,
}

impl Heartbeats {
    pub fn beat(&mut self, node: impl Into<String>, at: u64) {
        let last = self.last.entry(node.into()).or_insert(at);
        *last = at.max(*last);
    }

    /// Names of the nodes silent for longer than `patience`, sorted.
    pub fn silent(&self, now: u64, patience: u64) -> Vec<&str> {
        let mut names: Vec<&str> = self
            .last
            .iter()
            .filter(|(_, &at)| now - at > patience)
            .map(|(name, _)| name.as_str())
            .collect();
        names.sort_unstable();
        names
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence() {
        let mut h = Heartbeats::default();
        h.beat("pine", 10);
        h.beat(String::from("birch"), 12);
        h.beat("larch", 30);
        assert_eq!(h.silent(40, 20), ["birch", "pine"]);
        assert_eq!(h.silent(32, 20), ["pine"]);
    }

    #[test]
    fn late_messages_do_not_turn_back() {
        let mut h = Heartbeats::default();
        h.beat("pine", 30);
        h.beat("pine", 7);
        assert!(h.silent(31, 5).is_empty());
        h.beat("pine", 90);
        assert!(h.silent(91, 5).is_empty());
    }
}
