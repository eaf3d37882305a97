use std::collections::HashMap;

/// Assigns small ids to names and remembers the order of arrival.
#[derive(Default)]
pub struct NameIndex {
    ids: HashMap<String, u32>,
    names: Vec<String>,
}

impl NameIndex {
    pub fn id_of(&mut self, name: &str) -> u32 {
        if let Some(&id) = self.ids.get(name) {
            return id;
        }
        let id = self.names.len() as u32;
        self.names.push(name.to_owned());
        self.ids.insert(name.to_owned(), id);
        id
    }

    pub fn name(&self, id: u32) -> Option<&str> {
        self.names.get(id as usize).map(|name| name.as_str())
    }

    pub fn find(&self, name: &str) -> Option<u32> {
        self.ids.get(name).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_stable() {
        let mut index = NameIndex::default();
        assert_eq!(index.id_of("red"), 0);
        assert_eq!(index.id_of("blue"), 1);
        assert_eq!(index.id_of("red"), 0);
        assert_eq!(index.find("blue"), Some(1));
        assert_eq!(index.find("green"), None);
    }

    #[test]
    fn names_come_back() {
        let mut index = NameIndex::default();
        let id = index.id_of("door");
        assert_eq!(index.name(id), Some("door"));
        assert_eq!(index.name(1), None);
    }
}
