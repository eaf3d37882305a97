/// One requirement: what it is called and how it is checked.
pub struct Rule {
    label: String,
    test: Box<dyn Fn(&str) -> bool>,
}

#[derive(Default)]
pub struct Policy {
    rules: Vec<Rule>,
}

impl Policy {
    pub fn rule<F>(mut self, label: &str, test: F) -> Self
    where
        F: Fn(&str) -> bool + 'static,
    {
        self.rules.push(Rule {
            label: label.to_string(),
            test: Box::new(test),
        });
        self
    }

    pub fn min_length(self, n: usize) -> Self {
        self.rule(&format!("at least {n} characters"), move |p| {
            p.chars().count() >= n
        })
    }

    pub fn not_containing(self, words: &[&str]) -> Self {
        let words: Vec<String> = words.iter().map(|w| w.to_lowercase()).collect();
        self.rule("no personal words", move |p| {
            let lower = p.to_lowercase();
            !words.iter().any(|w| lower.contains(w.as_str()))
        })
    }

    pub fn broken_by<'p>(&'p self, password: &str) -> Vec<&'p str> {
        self.rules
            .iter()
            .filter(|rule| !(rule.test)(password))
            .map(|rule| rule.label.as_str())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy() -> Policy {
        Policy::default()
            .min_length(6)
            .rule("a digit", |p| p.contains(|c: char| c.is_ascii_digit()))
            .not_containing(&["Mira", "office"])
    }

    #[test]
    fn accepts() {
        assert!(policy().broken_by("lantern7").is_empty());
    }

    #[test]
    fn lists_broken_rules_in_order() {
        let policy = policy();
        let broken = {
            let password = String::from("mira");
            policy.broken_by(&password)
        };
        assert_eq!(
            broken,
            ["at least 6 characters", "a digit", "no personal words"]
        );
        assert_eq!(policy.broken_by("MyOffice1"), ["no personal words"]);
    }
}
