use std::collections::BTreeMap;

/// Who trusts whom, and how much, in percent.
#[derive(Default)]
pub struct TrustWeb {
    edges: BTreeMap<(String, String), u8>,
}

impl TrustWeb {
    pub fn trust(&mut self, from: &str, to: &str, percent: u8) {
        let key = (from.to_string(), to.to_string());
        self.edges.insert(key, percent.min(100));
    }

    fn direct(&self, from: &str, to: &str) -> Option<u32> {
        let key = (from.to_string(), to.to_string());
        self.edges.get(&key).map(|&percent| u32::from(percent))
    }

    /// Direct trust, or else the best trust over one friend.
    pub fn score(&self, from: &str, to: &str) -> u32 {
        if let Some(percent) = self.direct(from, to) {
            return percent;
        }
        self.edges
            .iter()
            .filter(|((a, _), _)| a == from)
            .filter_map(|((_, friend), &near)| {
                let far = self.direct(friend, to)?;
                Some(u32::from(near) * far / 100)
            })
            .max()
            .unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn web() -> TrustWeb {
        let mut web = TrustWeb::default();
        web.trust("me", "al", 80);
        web.trust("me", "bo", 250);
        web.trust("al", "cy", 90);
        web.trust("bo", "cy", 60);
        web.trust("bo", "al", 10);
        web
    }

    #[test]
    fn direct_beats_detour() {
        assert_eq!(web().score("me", "al"), 80);
        assert_eq!(web().score("me", "bo"), 100);
    }

    #[test]
    fn best_friend_counts() {
        assert_eq!(web().score("me", "cy"), 72);
        assert_eq!(web().score("cy", "me"), 0);
        assert_eq!(web().score("al", "bo"), 0);
    }
}
