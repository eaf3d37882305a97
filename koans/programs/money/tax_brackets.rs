/// Upper bound of the bracket in whole units and its rate in percent.
const BRACKETS: [(u32, u32); 3] = [(10_000, 0), (25_000, 12), (60_000, 24)];
const TOP_RATE: u32 = 36;

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Assessment {
    pub income: u32,
    pub due_cents: u64,
    pub steps: Vec<(u32, u64)>,
}

pub fn assess(income: u32) -> Assessment {
    let mut result = Assessment {
        income,
        ..Assessment::default()
    };
    let mut lower = 0;
    for (upper, rate) in BRACKETS.iter().copied().chain([(u32::MAX, TOP_RATE)]) {
        if income <= lower {
            break;
        }
        let taxed = income.min(upper) - lower;
        // percent of a unit is exactly that many cents
        let due = u64::from(taxed) * u64::from(rate);
        result.steps.push((rate, due));
        result.due_cents += due;
        lower = upper;
    }
    result
}

pub fn marginal_rate(income: u32) -> u32 {
    BRACKETS
        .iter()
        .find(|(upper, _)| income < *upper)
        .map_or(TOP_RATE, |&(_, rate)| rate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn income_runs_through_the_brackets() {
        let low = assess(8_000);
        assert_eq!(low.due_cents, 0);
        assert_eq!(low.steps, vec![(0, 0)]);
        let mid = assess(30_000);
        assert_eq!(mid.steps, vec![(0, 0), (12, 180_000), (24, 120_000)]);
        assert_eq!(mid.due_cents, 300_000);
        assert_eq!(assess(61_000).due_cents, 180_000 + 840_000 + 36_000);
    }

    #[test]
    fn no_income_no_steps() {
        assert_eq!(assess(0), Assessment::default());
    }

    #[test]
    fn marginal_rate_at_borders() {
        assert_eq!(marginal_rate(9_999), 0);
        assert_eq!(marginal_rate(10_000), 12);
        assert_eq!(marginal_rate(60_000), 36);
    }
}
