use std::collections::HashMap;
use std::hash::Hash;

/// Remembers the answers of a slow function.
pub struct Memo<K, V, F> {
    compute: F,
    known: HashMap<K, V>,
    misses: u32,
}

impl<K, V, F> Memo<K, V, F>
where
    K: Eq + Hash + Clone,
    V: Clone,
    F: Fn(&K) -> V,
{
    pub fn new(compute: F) -> Self {
        Memo {
            compute,
            known: HashMap::new(),
            misses: 0,
        }
    }

    pub fn get(&mut self, key: &K) -> V {
        if let Some(value) = self.known.get(key) {
            return value.clone();
        }
        self.misses += 1;
        let value = (self.compute)(key);
        self.known.insert(key.clone(), value.clone());
        value
    }

    pub fn misses(&self) -> u32 {
        self.misses
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn computes_once_per_key() {
        let calls = Cell::new(0);
        let mut memo = Memo::new(|word: &String| {
            calls.set(calls.get() + 1);
            word.to_uppercase()
        });
        assert_eq!(memo.get(&"ash".to_string()), "ASH");
        assert_eq!(memo.get(&"ash".to_string()), "ASH");
        assert_eq!(memo.get(&"oak".to_string()), "OAK");
        assert_eq!(memo.misses(), 2);
        assert_eq!(calls.get(), 2);
    }

    #[test]
    fn tuple_keys() {
        let mut memo = Memo::new(|&(w, h): &(u32, u32)| w * h);
        assert_eq!(memo.get(&(3, 4)), 12);
        assert_eq!(memo.get(&(4, 3)), 12);
        assert_eq!(memo.misses(), 2);
    }
}
