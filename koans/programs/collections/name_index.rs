use std::collections::HashMap;

#[derive(Default)]
pub struct NameIndex {
    ids: HashMap<String, u32>,
    names: Vec<String>,
}

impl NameIndex {
    pub fn id_of(&mut self, name: &str) -> u32 {
        let fresh = self.names.len() as u32;
        let id = *self.ids.entry(name.to_owned()).or_insert(fresh);
        if id == fresh {
            self.names.push(name.to_owned());
        }
        id
    }

    pub fn name(&self, id: u32) -> Option<&str> {
        self.names.get(id as usize).map(|name| name.as_str())
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
        assert_eq!(index.id_of("green"), 2);
    }

    #[test]
    fn names_come_back() {
        let mut index = NameIndex::default();
        let id = index.id_of("door");
        assert_eq!(index.name(id), Some("door"));
        assert_eq!(index.name(1), None);
    }
}
