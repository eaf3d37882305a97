use std::collections::HashMap;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    Set { key: String, old: Option<String> },
    Removed { key: String, old: String },
}

#[derive(Debug, Default)]
pub struct Store {
    data: HashMap<String, String>,
    log: Vec<Change>,
}

impl Store {
    pub fn set(&mut self, key: &str, value: &str) {
        let old = self.data.insert(key.to_string(), value.to_string());
        let key = key.to_string();
        self.log.push(Change::Set { key, old });
    }

    pub fn remove(&mut self, key: &str) -> Option<&Change> {
        let (key, old) = self.data.remove_entry(key)?;
        self.log.push(Change::Removed { key, old });
        self.log.last()
    }

    pub fn get(&self, key: &str) -> Option<&str> {
        self.data.get(key).map(|v| v.as_str())
    }

    pub fn mark(&self) -> usize {
        self.log.len()
    }

    /// Takes back every change after the mark, the newest first.
    pub fn undo_to(&mut self, mark: usize) -> usize {
        let undone = self.log.split_off(mark.min(self.log.len()));
        let count = undone.len();
        for change in undone.into_iter().rev() {
            match change {
                Change::Set {
                    key,
                    old: Some(old),
                } => {
                    self.data.insert(key, old);
                }
                Change::Set { key, old: None } => {
                    self.data.remove(&key);
                }
                Change::Removed { key, old } => {
                    self.data.insert(key, old);
                }
            }
        }
        count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn undo_restores() {
        let mut store = Store::default();
        store.set("lang", "en");
        let mark = store.mark();
        store.set("lang", "de");
        store.set("lang", "fr");
        store.set("mode", "dark");
        assert!(store.remove("lang").is_some());
        assert_eq!(store.get("lang"), None);
        assert_eq!(store.undo_to(mark), 4);
        assert_eq!(store.get("lang"), Some("en"));
        assert_eq!(store.get("mode"), None);
        assert_eq!(store.undo_to(99), 0);
    }

    #[test]
    fn removal_is_logged() {
        let mut store = Store::default();
        assert_eq!(store.remove("x"), None);
        store.set("x", "1");
        let expected = Change::Removed {
            key: "x".to_string(),
            old: "1".to_string(),
        };
        assert_eq!(store.remove("x").cloned(), Some(expected));
        assert_eq!(store.mark(), 2);
    }
}
