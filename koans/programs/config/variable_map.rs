use std::collections::HashMap;
use std::str::FromStr;

#[derive(Debug, PartialEq, Eq)]
pub enum VarError {
    Missing(String),
    Invalid { name: String, value: String },
}

/// A view of variables that share a prefix, for example `APP_PORT`.
pub struct Vars<'m> {
    map: &'m HashMap<String, String>,
    prefix: &'m str,
}

impl<'m> Vars<'m> {
    pub fn new(map: &'m HashMap<String, String>, prefix: &'m str) -> Self {
        Vars { map, prefix }
    }

    fn full(&self, name: &str) -> String {
        format!("{}_{}", self.prefix, name.to_uppercase())
    }

    pub fn text(&self, name: &str) -> Option<&'m str> {
        self.map.get(&self.full(name)).map(String::as_str)
    }

    pub fn get<T: FromStr>(&self, name: &str) -> Result<T, VarError> {
        let value = self
            .text(name)
            .ok_or_else(|| VarError::Missing(self.full(name)))?;
        let invalid = |_| VarError::Invalid {
            name: self.full(name),
            value: value.to_string(),
        };
        value.trim().parse().map_err(invalid)
    }

    pub fn get_or<T: FromStr>(&self, name: &str, default: T) -> Result<T, VarError> {
        match self.get(name) {
            Err(VarError::Missing(_)) => Ok(default),
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map() -> HashMap<String, String> {
        let pairs = [("APP_PORT", " 80 "), ("APP_DEBUG", "yes"), ("PORT", "1")];
        pairs.map(|(k, v)| (k.to_string(), v.to_string())).into()
    }

    #[test]
    fn reads_typed_values() {
        let map = map();
        let vars = Vars::new(&map, "APP");
        assert_eq!(vars.get::<u16>("port"), Ok(80));
        assert_eq!(vars.get_or("retries", 3u8), Ok(3));
        assert_eq!(vars.get_or("port", 3u8), Ok(80));
        assert_eq!(vars.text("debug"), Some("yes"));
    }

    #[test]
    fn explains() {
        let map = map();
        let vars = Vars::new(&map, "APP");
        let invalid = VarError::Invalid {
            name: "APP_DEBUG".into(),
            value: "yes".into(),
        };
        assert_eq!(vars.get_or("debug", true), Err(invalid));
        assert_eq!(
            vars.get::<f64>("rate"),
            Err(VarError::Missing("APP_RATE".to_string()))
        );
    }
}
