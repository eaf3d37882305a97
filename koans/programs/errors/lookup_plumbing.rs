use std::collections::HashMap;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Missing {
    User(String),
    Manager { of: String },
    Phone(String),
}

#[derive(Debug, Default, Clone)]
pub struct Person {
    pub manager: Option<String>,
    pub phone: Option<String>,
}

pub struct Staff {
    people: HashMap<String, Person>,
}

impl Staff {
    pub fn new(people: impl IntoIterator<Item = (&'static str, Person)>) -> Self {
        let people = people
            .into_iter()
            .map(|(name, person)| (name.to_string(), person))
            .collect();
        Staff { people }
    }

    fn find(&self, name: &str) -> Result<&Person, Missing> {
        self.people
            .get(name)
            .ok_or_else(|| Missing::User(name.to_string()))
    }

    pub fn manager_phone(&self, name: &str) -> Result<&str, Missing> {
        let boss = self.find(name)?.manager.as_ref();
        let boss = boss.ok_or(Missing::Manager {
            of: name.to_string(),
        })?;
        let phone = self.find(boss)?.phone.as_deref();
        phone.ok_or_else(|| Missing::Phone(boss.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(manager: Option<&str>, phone: Option<&str>) -> Person {
        Person {
            manager: manager.map(str::to_string),
            phone: phone.map(str::to_string),
        }
    }

    #[test]
    fn finds_phone() {
        let staff = Staff::new([
            ("ed", person(Some("flo"), None)),
            ("flo", person(Some("ed"), Some("555"))),
        ]);
        assert_eq!(staff.manager_phone("ed"), Ok("555"));
        assert_eq!(
            staff.manager_phone("flo"),
            Err(Missing::Phone("ed".to_string()))
        );
    }

    #[test]
    fn missing_things() {
        let staff = Staff::new([("al", Person::default()), ("bo", person(Some("x"), None))]);
        assert_eq!(
            staff.manager_phone("al"),
            Err(Missing::Manager {
                of: "al".to_string()
            })
        );
        assert_eq!(
            staff.manager_phone("bo"),
            Err(Missing::User("x".to_string()))
        );
    }
}
