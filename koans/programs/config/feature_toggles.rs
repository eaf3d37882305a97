use std::collections::HashMap;

#[derive(Debug, Clone, PartialEq)]
pub enum Toggle {
    On,
    Off,
    Percent(u8),
    Only(Vec<String>),
}

#[derive(Default)]
pub struct Toggles(HashMap<&'static str, Toggle>);

fn bucket(user: &str) -> u8 {
    let sum = user
        .bytes()
        .fold(7u32, |acc, b| acc * 31 % 1009 + u32::from(b));
    (sum % 100) as u8
}

impl Toggles {
    pub fn with(mut self, feature: &'static str, toggle: Toggle) -> Self {
        self.0.insert(feature, toggle);
        self
    }

    pub fn enabled(&self, feature: &str, user: &str) -> bool {
        match self.0.get(feature) {
            Some(Toggle::On) => true,
            Some(Toggle::Percent(share)) => bucket(user) < *share,
            Some(Toggle::Only(users)) => users.iter().any(|u| u == user),
            Some(Toggle::Off) | None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_switches() {
        let toggles = Toggles::default()
            .with("new", Toggle::On)
            .with("old", Toggle::Off);
        assert!(toggles.enabled("new", "ann"));
        assert!(!toggles.enabled("old", "ann"));
        assert!(!toggles.enabled("none", "ann"));
    }

    #[test]
    fn chosen_users() {
        let toggles = Toggles::default().with("beta", Toggle::Only(vec!["ann".to_string()]));
        assert!(toggles.enabled("beta", "ann"));
        assert!(!toggles.enabled("beta", "bob"));
    }

    #[test]
    fn shares() {
        let users = ["a", "b", "c", "d"];
        let count = |share| {
            let toggles = Toggles::default().with("x", Toggle::Percent(share));
            users.iter().filter(|u| toggles.enabled("x", u)).count()
        };
        assert_eq!(bucket("a"), 14);
        assert_eq!([count(0), count(16), count(100)], [0, 2, 4]);
    }
}
