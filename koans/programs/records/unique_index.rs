use std::collections::HashMap;
use std::fmt::Debug;
use std::hash::Hash;

/// Rows in insertion order with a unique index over one computed key.
pub struct Indexed<T, K, F>
where
    F: Fn(&T) -> K,
{
    rows: Vec<T>,
    index: HashMap<K, usize>,
    key: F,
}

impl<T, K, F> Indexed<T, K, F>
where
    K: Eq + Hash + Clone + Debug,
    F: Fn(&T) -> K,
{
    pub fn by(key: F) -> Self {
        Indexed {
            rows: Vec::new(),
            index: HashMap::new(),
            key,
        }
    }

    pub fn insert(&mut self, row: T) -> Result<usize, String> {
        let key = (self.key)(&row);
        if let Some(at) = self.index.get(&key) {
            return Err(format!("{key:?} is row {at}"));
        }
        let at = self.rows.len();
        self.index.insert(key, at);
        self.rows.push(row);
        Ok(at)
    }

    pub fn get(&self, key: &K) -> Option<&T> {
        self.index.get(key).map(|at| &self.rows[*at])
    }

    /// Changes a row in place; a change of the key moves the index entry along.
    pub fn update(&mut self, key: &K, change: impl FnOnce(&mut T)) -> bool {
        let Some(at) = self.index.get(key).copied() else {
            return false;
        };
        let row = &mut self.rows[at];
        change(row);
        let new_key = (self.key)(row);
        if new_key != *key {
            self.index.remove(key);
            self.index.insert(new_key.clone(), at);
        }
        true
    }

    pub fn rows(&self) -> &[T] {
        &self.rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq)]
    struct Plant {
        latin: String,
        height: u16,
    }

    fn plant(latin: &str, height: u16) -> Plant {
        Plant {
            latin: latin.to_string(),
            height,
        }
    }

    #[test]
    fn unique_keys() {
        let mut plants = Indexed::by(|p: &Plant| p.latin.to_lowercase());
        assert_eq!(plants.insert(plant("Salix", 900)), Ok(0));
        assert_eq!(plants.insert(plant("Acer", 1500)), Ok(1));
        assert_eq!(
            plants.insert(plant("SALIX", 1)),
            Err("\"salix\" is row 0".to_string())
        );
        assert_eq!(plants.get(&"acer".to_string()), Some(&plant("Acer", 1500)));
        assert_eq!(plants.rows().len(), 2);
    }

    #[test]
    fn updates_follow_the_key() {
        let mut numbers = Indexed::by(|row: &(u8, char)| row.0);
        numbers.insert((1, 'a')).unwrap();
        assert!(numbers.update(&1, |row| *row = (2, 'b')));
        assert!(!numbers.update(&1, |_| ()));
        assert_eq!(numbers.get(&2), Some(&(2, 'b')));
        assert_eq!(numbers.get(&1), None);
    }
}
