use std::collections::BTreeMap;

/// How often each sum comes up when dice of the given sides are thrown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Odds {
    ways: BTreeMap<u16, u64>,
}

impl Default for Odds {
    fn default() -> Self {
        Odds {
            ways: BTreeMap::from([(0, 1)]),
        }
    }
}

impl Odds {
    pub fn with_die(&self, sides: u8) -> Odds {
        let mut ways = BTreeMap::new();
        for (sum, count) in &self.ways {
            for face in 1..=u16::from(sides) {
                *ways.entry(sum + face).or_insert(0) += count;
            }
        }
        Odds { ways }
    }

    pub fn at_least(&self, goal: u16) -> (u64, u64) {
        let good = self.ways.range(goal..).map(|(_, count)| count).sum();
        (good, self.ways.values().sum())
    }

    pub fn likeliest(&self) -> u16 {
        self.ways
            .iter()
            .rev()
            .max_by_key(|(_, count)| **count)
            .map_or(0, |(&sum, _)| sum)
    }
}

pub fn throw(dice: &[u8]) -> Odds {
    dice.iter()
        .fold(Odds::default(), |odds, &sides| odds.with_die(sides))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_dice() {
        let odds = throw(&[6, 6]);
        assert_eq!(odds.at_least(10), (6, 36));
        assert_eq!(odds.likeliest(), 7);
        assert_eq!(odds, throw(&[6]).with_die(6));
    }

    #[test]
    fn mixed_dice() {
        let odds = throw(&[4, 2]);
        assert_eq!(odds.at_least(5), (3, 8));
        assert_eq!(odds.at_least(7), (0, 8));
        assert_eq!(odds.likeliest(), 3);
        assert_eq!(throw(&[]).at_least(0), (1, 1));
    }
}
