#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    pub name: String,
    pub salary: u64,
    pub reports: Vec<Person>,
}

impl Person {
    pub fn new(name: &str, salary: u64) -> Self {
        Person {
            name: name.to_string(),
            salary,
            reports: Vec::new(),
        }
    }

    pub fn managing(mut self, report: Person) -> Self {
        self.reports.push(report);
        self
    }

    pub fn headcount(&self) -> usize {
        1 + self.reports.iter().map(Person::headcount).sum::<usize>()
    }

    pub fn find_mut(&mut self, name: &str) -> Option<&mut Person> {
        if self.name == name {
            return Some(self);
        }
        self.reports.iter_mut().find_map(|p| p.find_mut(name))
    }

    /// The chain of names from the top down to the person, both included.
    pub fn chain_to(&self, name: &str) -> Option<Vec<&str>> {
        if self.name == name {
            return Some(vec![&self.name]);
        }
        let mut below = self.reports.iter().find_map(|p| p.chain_to(name))?;
        below.insert(0, &self.name);
        Some(below)
    }

    /// Takes a person out; the people below move up to the former boss.
    pub fn remove(&mut self, name: &str) -> Option<String> {
        if let Some(at) = self.reports.iter().position(|p| p.name == name) {
            let gone = self.reports.remove(at);
            self.reports.extend(gone.reports);
            return Some(gone.name);
        }
        self.reports.iter_mut().find_map(|p| p.remove(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn firm() -> Person {
        let dev = Person::new("dora", 90).managing(Person::new("emil", 60));
        Person::new("carla", 200)
            .managing(dev)
            .managing(Person::new("fritz", 80))
    }

    #[test]
    fn counts_and_chains() {
        let firm = firm();
        assert_eq!(firm.headcount(), 4);
        assert_eq!(firm.chain_to("emil"), Some(vec!["carla", "dora", "emil"]));
        assert_eq!(firm.chain_to("gus"), None);
    }

    #[test]
    fn raises_through_a_mutable_reference() {
        let mut firm = firm();
        let before = firm.clone();
        firm.find_mut("emil").unwrap().salary += 5;
        assert_eq!(firm.reports[0].reports[0].salary, 65);
        assert_ne!(firm, before);
        assert!(firm.find_mut("nobody").is_none());
    }

    #[test]
    fn removal_lifts_reports() {
        let mut firm = firm();
        assert_eq!(firm.remove("dora").as_deref(), Some("dora"));
        assert_eq!(firm.chain_to("emil"), Some(vec!["carla", "emil"]));
        assert_eq!(firm.remove("dora"), None);
    }
}
