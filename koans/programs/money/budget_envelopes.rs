use std::collections::HashMap;

#[derive(Clone, Debug, PartialEq)]
pub enum Spend {
    Ok { left: u32 },
    Short { missing: u32 },
    NoEnvelope,
}

#[derive(Clone, Default)]
pub struct Budget {
    envelopes: HashMap<String, u32>,
}

impl Budget {
    pub fn fill(&mut self, name: &str, cents: u32) -> &mut Self {
        *self.envelopes.entry(name.to_owned()).or_default() += cents;
        self
    }

    pub fn spend(&mut self, name: &str, cents: u32) -> Spend {
        let Some(left) = self.envelopes.get_mut(name) else {
            return Spend::NoEnvelope;
        };
        match left.checked_sub(cents) {
            Some(rest) => {
                *left = rest;
                Spend::Ok { left: rest }
            }
            None => Spend::Short {
                missing: cents - *left,
            },
        }
    }

    /// Tries a list of purchases on a copy; the budget itself stays as it is.
    pub fn would_cover(&self, wishes: &[(&str, u32)]) -> bool {
        let mut trial = self.clone();
        wishes
            .iter()
            .all(|(name, cents)| matches!(trial.spend(name, *cents), Spend::Ok { .. }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spending_reduces_one_envelope() {
        let mut budget = Budget::default();
        budget.fill("food", 500).fill("fun", 200).fill("food", 100);
        assert_eq!(budget.spend("food", 450), Spend::Ok { left: 150 });
        assert_eq!(budget.spend("food", 151), Spend::Short { missing: 1 });
        assert_eq!(budget.spend("food", 150), Spend::Ok { left: 0 });
        assert_eq!(budget.spend("rent", 1), Spend::NoEnvelope);
    }

    #[test]
    fn trial_leaves_the_budget_alone() {
        let mut budget = Budget::default();
        budget.fill("fun", 200);
        assert!(budget.would_cover(&[("fun", 120), ("fun", 80)]));
        assert!(!budget.would_cover(&[("fun", 120), ("fun", 81)]));
        assert_eq!(budget.spend("fun", 50), Spend::Ok { left: 150 });
    }
}
