use std::collections::HashMap;

pub trait Tier {
    fn name(&self) -> &str;
    fn load(&self, key: &str) -> Option<String>;
    fn save(&mut self, key: &str, value: &str);
}

pub struct MapTier {
    name: String,
    held: HashMap<String, String>,
}

impl MapTier {
    pub fn new(name: impl Into<String>) -> Self {
        MapTier {
            name: name.into(),
            held: HashMap::new(),
        }
    }
}

impl Tier for MapTier {
    fn name(&self) -> &str {
        &self.name
    }

    fn load(&self, key: &str) -> Option<String> {
        self.held.get(key).cloned()
    }

    fn save(&mut self, key: &str, value: &str) {
        self.held.insert(key.to_string(), value.to_string());
    }
}

/// Asks the fast tiers first and copies finds upward.
#[derive(Default)]
pub struct Tiered {
    tiers: Vec<Box<dyn Tier>>,
}

impl Tiered {
    pub fn then(mut self, tier: impl Tier + 'static) -> Self {
        self.tiers.push(Box::new(tier));
        self
    }

    pub fn fetch(&mut self, key: &str) -> Option<(String, String)> {
        let (level, value) = self
            .tiers
            .iter()
            .enumerate()
            .find_map(|(level, tier)| tier.load(key).map(|value| (level, value)))?;
        for tier in self.tiers.iter_mut().take(level) {
            tier.save(key, &value);
        }
        let source = self.tiers[level].name().to_string();
        Some((source, value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_move_up() {
        let mut slow = MapTier::new("disk");
        slow.save("logo", "svg");
        let mut tiers = Tiered::default()
            .then(MapTier::new("memory"))
            .then(MapTier::new(String::from("shared")))
            .then(slow);
        let first = tiers.fetch("logo");
        assert_eq!(first, Some(("disk".to_string(), "svg".to_string())));
        let second = tiers.fetch("logo");
        assert_eq!(second, Some(("memory".to_string(), "svg".to_string())));
        assert_eq!(tiers.tiers[1].load("logo").as_deref(), Some("svg"));
    }

    #[test]
    fn missing_everywhere() {
        let mut tiers = Tiered::default().then(MapTier::new("memory"));
        assert_eq!(tiers.fetch("logo"), None);
        assert_eq!(Tiered::default().fetch("x"), None);
    }
}
