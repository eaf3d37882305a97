use std::collections::HashMap;
use std::fmt;

#[derive(Debug, PartialEq, Eq)]
pub enum PairError {
    LeftTaken(String),
    RightTaken(u16),
}

impl fmt::Display for PairError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PairError::LeftTaken(name) => write!(f, "name {name:?} already has a port"),
            PairError::RightTaken(port) => write!(f, "port {port} already has a name"),
        }
    }
}

impl std::error::Error for PairError {}

#[derive(Default)]
pub struct PortNames {
    by_name: HashMap<String, u16>,
    by_port: HashMap<u16, String>,
}

impl PortNames {
    pub fn pair(&mut self, name: &str, port: u16) -> Result<(), PairError> {
        if self.by_name.contains_key(name) {
            return Err(PairError::LeftTaken(name.to_string()));
        }
        if self.by_port.contains_key(&port) {
            return Err(PairError::RightTaken(port));
        }
        self.by_name.insert(name.to_string(), port);
        self.by_port.insert(port, name.to_string());
        Ok(())
    }

    pub fn load(&mut self, pairs: &[(&str, u16)]) -> Result<usize, PairError> {
        for (name, port) in pairs {
            self.pair(name, *port)?;
        }
        Ok(self.by_name.len())
    }

    pub fn port(&self, name: &str) -> Option<u16> {
        self.by_name.get(name).copied()
    }

    pub fn forget_port(&mut self, port: u16) -> Option<String> {
        let name = self.by_port.remove(&port)?;
        self.by_name.remove(&name);
        Some(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_both_ways() {
        let mut names = PortNames::default();
        assert_eq!(names.load(&[("web", 80), ("mail", 25)]), Ok(2));
        assert_eq!(names.port("mail"), Some(25));
        assert_eq!(names.forget_port(25).as_deref(), Some("mail"));
        assert_eq!(names.port("mail"), None);
        assert_eq!(names.forget_port(25), None);
    }

    #[test]
    fn refuses_doubles() {
        let mut names = PortNames::default();
        let error = names
            .load(&[("web", 80), ("www", 80), ("x", 1)])
            .unwrap_err();
        assert_eq!(error, PairError::RightTaken(80));
        assert_eq!(error.to_string(), "port 80 already has a name");
        assert_eq!(names.port("x"), None);
        let error = names.pair("web", 81).unwrap_err();
        assert_eq!(error.to_string(), "name \"web\" already has a port");
    }
}
