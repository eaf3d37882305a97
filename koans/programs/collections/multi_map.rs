use std::collections::BTreeMap;

/// A map that keeps several values per key, in order of arrival.
#[derive(Debug, Clone, PartialEq)]
pub struct MultiMap<K, V> {
    groups: BTreeMap<K, Vec<V>>,
}

impl<K: Ord + Clone, V: PartialEq> MultiMap<K, V> {
    pub fn new() -> Self {
        Self {
            groups: BTreeMap::new(),
        }
    }

    pub fn add(&mut self, key: K, value: V) -> usize {
        let group = self.groups.entry(key).or_default();
        group.push(value);
        group.len()
    }

    pub fn values(&self, key: &K) -> &[V] {
        self.groups.get(key).map_or(&[], |group| group.as_slice())
    }

    pub fn remove_value(&mut self, key: &K, value: &V) -> bool {
        let Some(group) = self.groups.get_mut(key) else {
            return false;
        };
        let Some(at) = group.iter().position(|held| held == value) else {
            return false;
        };
        group.remove(at);
        if group.is_empty() {
            self.groups.remove(key);
        }
        true
    }

    pub fn largest_group(&self) -> Option<K> {
        let (key, _) = self.groups.iter().max_by_key(|(_, group)| group.len())?;
        Some(key.clone())
    }

    pub fn keys(&self) -> Vec<&K> {
        self.groups.keys().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> MultiMap<String, u32> {
        let mut map = MultiMap::new();
        map.add("kitchen".to_string(), 4);
        map.add("attic".to_string(), 9);
        map.add("kitchen".to_string(), 6);
        map
    }

    #[test]
    fn groups_in_order() {
        let mut map = sample();
        assert_eq!(map.values(&"kitchen".to_string()), &[4, 6]);
        assert_eq!(map.values(&"cellar".to_string()), &[] as &[u32]);
        assert_eq!(map.add("kitchen".to_string(), 1), 3);
        assert_eq!(map.largest_group(), Some("kitchen".to_string()));
    }

    #[test]
    fn empty_groups_vanish() {
        let mut map = sample();
        let before = map.clone();
        assert!(!map.remove_value(&"attic".to_string(), &4));
        assert_eq!(map, before);
        assert!(map.remove_value(&"attic".to_string(), &9));
        assert_eq!(map.keys(), [&"kitchen".to_string()]);
        assert!(map.remove_value(&"kitchen".to_string(), &4));
        assert_eq!(map.values(&"kitchen".to_string()), &[6]);
        assert_eq!(MultiMap::<u8, u8>::new().largest_group(), None);
    }
}
