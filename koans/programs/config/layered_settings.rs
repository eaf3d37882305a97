use std::collections::HashMap;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    Defaults,
    File,
    Session,
}

/// The same key may be set in several layers; the highest layer wins.
#[derive(Debug, Default)]
pub struct Settings {
    values: HashMap<String, Vec<(Layer, String)>>,
}

impl Settings {
    pub fn set(&mut self, layer: Layer, key: &str, value: impl ToString) {
        let stack = self.values.entry(key.to_string()).or_default();
        stack.retain(|(l, _)| *l != layer);
        stack.push((layer, value.to_string()));
        stack.sort_by_key(|(layer, _)| *layer);
    }

    pub fn get(&self, key: &str) -> Option<&str> {
        self.values
            .get(key)?
            .last()
            .map(|(_, value)| value.as_str())
    }

    pub fn origin(&self, key: &str) -> Option<Layer> {
        let (layer, _) = self.values.get(key)?.last()?;
        Some(*layer)
    }

    pub fn clear(&mut self, layer: Layer) {
        for stack in self.values.values_mut() {
            stack.retain(|entry| entry.0 != layer);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Settings {
        let mut settings = Settings::default();
        settings.set(Layer::Session, "theme", "dark");
        settings.set(Layer::Defaults, "theme", "light");
        settings.set(Layer::File, "width", 80);
        settings
    }

    #[test]
    fn highest_layer_wins() {
        let settings = settings();
        assert_eq!(settings.get("theme"), Some("dark"));
        assert_eq!(settings.origin("theme"), Some(Layer::Session));
        assert_eq!(settings.get("width"), Some("80"));
        assert_eq!(settings.get("height"), None);
    }

    #[test]
    fn clearing_uncovers() {
        let mut settings = settings();
        settings.clear(Layer::Session);
        assert_eq!(settings.get("theme"), Some("light"));
        settings.set(Layer::Defaults, "theme", "grey");
        assert_eq!(settings.get("theme"), Some("grey"));
        settings.clear(Layer::Defaults);
        assert_eq!(settings.origin("theme"), None);
    }
}
