use std::collections::BTreeMap;

/// A rule that looks at a sign-up form and says how suspicious it is.
pub trait Rule {
    fn name(&self) -> &str;
    fn points(&self, form: &Form) -> u32;

    fn weight(&self) -> u32 {
        1
    }

    fn weighted(&self, form: &Form) -> u32 {
        self.points(form) * self.weight()
    }
}

#[derive(Debug, Clone, Default)]
pub struct Form {
    pub email: String,
    pub bio: String,
}

pub struct BlockedDomain {
    domain: String,
}

impl BlockedDomain {
    pub fn new(domain: &str) -> Self {
        BlockedDomain {
            domain: format!("@{}", domain),
        }
    }
}

impl Rule for BlockedDomain {
    fn name(&self) -> &str {
        "blocked-domain"
    }

    fn points(&self, form: &Form) -> u32 {
        if form.email.ends_with(&self.domain) {
            10
        } else {
            0
        }
    }

    fn weight(&self) -> u32 {
        3
    }
}

pub struct LinkCount;

impl Rule for LinkCount {
    fn name(&self) -> &str {
        "links"
    }

    fn points(&self, form: &Form) -> u32 {
        form.bio.matches("http").count() as u32
    }
}

pub fn score_card(rules: &[Box<dyn Rule>], form: &Form) -> BTreeMap<String, u32> {
    rules
        .iter()
        .map(|rule| (rule.name().to_string(), rule.weighted(form)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> Vec<Box<dyn Rule>> {
        vec![Box::new(BlockedDomain::new("spam.io")), Box::new(LinkCount)]
    }

    #[test]
    fn adds_weighted_points() {
        let form = Form {
            email: "a@spam.io".to_string(),
            bio: "http://x http://y".to_string(),
        };
        let card = score_card(&rules(), &form);
        assert_eq!(card["blocked-domain"], 30);
        assert_eq!(card["links"], 2);
    }

    #[test]
    fn empty_form_is_clean() {
        let card = score_card(&rules(), &Form::default());
        assert_eq!(card.values().sum::<u32>(), 0);
        assert_eq!(card.len(), 2);
    }
}
