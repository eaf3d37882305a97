use std::collections::HashMap;

pub type Layer = HashMap<String, String>;

/// Looks a key up in several layers, the first layer wins.
#[derive(Default)]
pub struct Layers<'a> {
    stack: Vec<&'a Layer>,
    fallback: Option<&'a str>,
}

impl<'a> Layers<'a> {
    pub fn over(mut self, layer: &'a Layer) -> Self {
        self.stack.push(layer);
        self
    }

    pub fn fallback(self, text: &'a str) -> Self {
        Layers {
            fallback: Some(text),
            ..self
        }
    }

    pub fn get(&self, key: &str) -> Option<&'a str> {
        self.stack
            .iter()
            .find_map(|layer| layer.get(key))
            .map(String::as_str)
            .or(self.fallback)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer(pairs: &[(&str, &str)]) -> Layer {
        pairs
            .iter()
            .map(|(k, v)| (k.to_string(), v.to_string()))
            .collect()
    }

    #[test]
    fn first_layer_wins() {
        let user = layer(&[("color", "red")]);
        let system = layer(&[("color", "blue"), ("size", "10")]);
        let layers = Layers::default().over(&user).over(&system);
        assert_eq!(layers.get("color"), Some("red"));
        assert_eq!(layers.get("size"), Some("10"));
        assert_eq!(layers.get("font"), None);
    }

    #[test]
    fn fallback_and_short_keys() {
        let base = layer(&[("k", "v")]);
        let value = {
            let layers = Layers::default().over(&base).fallback("none");
            let key = String::from("k");
            assert_eq!(layers.get("nope"), Some("none"));
            layers.get(&key)
        };
        assert_eq!(value, Some("v"));
    }
}
