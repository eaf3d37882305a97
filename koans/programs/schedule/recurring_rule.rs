#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    Once(u32),
    Every { from: u32, step: u32 },
    Weekly { weekdays: Vec<u8> },
    Except(Box<Rule>, Vec<u32>),
}

impl Rule {
    /// Day 0 is a Monday, so weekday 0 is Monday too.
    pub fn hits(&self, day: u32) -> bool {
        match self {
            Rule::Once(only) => *only == day,
            Rule::Every { from, step } => day >= *from && (day - from) % step == 0,
            Rule::Weekly { weekdays } => weekdays.contains(&((day % 7) as u8)),
            Rule::Except(inner, skipped) => inner.hits(day) && !skipped.contains(&day),
        }
    }

    pub fn skip(self, day: u32) -> Rule {
        match self {
            Rule::Except(inner, mut skipped) => {
                skipped.push(day);
                Rule::Except(inner, skipped)
            }
            other => Rule::Except(Box::new(other), vec![day]),
        }
    }

    pub fn next_after(&self, day: u32, horizon: u32) -> Option<u32> {
        (day + 1..=horizon).find(|d| self.hits(*d))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_rules() {
        assert!(Rule::Once(4).hits(4));
        assert!(!Rule::Once(4).hits(5));
        let every = Rule::Every { from: 3, step: 4 };
        let days: Vec<u32> = (0..16).filter(|d| every.hits(*d)).collect();
        assert_eq!(days, [3, 7, 11, 15]);
    }

    #[test]
    fn weekly_with_exceptions() {
        let base = Rule::Weekly {
            weekdays: vec![0, 4],
        };
        let rule = base.clone().skip(7).skip(11);
        assert_eq!(base.next_after(4, 30), Some(7));
        assert_eq!(rule.next_after(4, 30), Some(14));
        assert_eq!(rule.next_after(4, 13), None);
        assert_eq!(rule, Rule::Except(Box::new(base), vec![7, 11]));
    }
}
