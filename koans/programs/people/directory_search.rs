use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    pub name: String,
    pub phone: Option<String>,
}

#[derive(Default)]
pub struct Directory {
    by_key: BTreeMap<String, Contact>,
}

impl Directory {
    pub fn add(&mut self, name: &str, phone: Option<&str>) {
        let contact = Contact {
            name: name.to_string(),
            phone: phone.map(|p| p.chars().filter(char::is_ascii_digit).collect()),
        };
        self.by_key.insert(name.to_lowercase(), contact);
    }

    pub fn starting_with<'d>(&'d self, prefix: &str) -> Vec<&'d Contact> {
        let prefix = prefix.to_lowercase();
        self.by_key
            .range(prefix.clone()..)
            .take_while(|(key, _)| key.starts_with(&prefix))
            .map(|(_, contact)| contact)
            .collect()
    }

    pub fn phone_of(&self, name: &str) -> Option<&str> {
        self.by_key.get(&name.to_lowercase())?.phone.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefix_search_ignores_case() {
        let mut directory = Directory::default();
        directory.add("Marta", None);
        directory.add("mario", Some("+49 (30) 1-2"));
        directory.add("Nina", None);
        let names: Vec<&str> = directory
            .starting_with("MAR")
            .iter()
            .map(|c| c.name.as_str())
            .collect();
        assert_eq!(names, ["mario", "Marta"]);
        assert_eq!(directory.starting_with("").len(), 3);
    }

    #[test]
    fn phones_keep_digits_only() {
        let mut directory = Directory::default();
        directory.add("Mario", Some("+49 (30) 1-2"));
        directory.add("Nina", None);
        assert_eq!(directory.phone_of("MARIO"), Some("493012"));
        assert_eq!(directory.phone_of("Nina"), None);
        assert_eq!(directory.phone_of("Otto"), None);
    }
}
