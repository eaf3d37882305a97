#[derive(Debug, Clone, Copy, Default)]
pub struct Day {
    pub good: u32,
    pub bad: u32,
}

impl std::iter::Sum for Day {
    fn sum<I: Iterator<Item = Day>>(days: I) -> Day {
        days.fold(Day::default(), |a, d| Day {
            good: a.good + d.good,
            bad: a.bad + d.bad,
        })
    }
}

/// Share of the error budget that is used up; `objective` like 0.99.
pub fn burned(days: &[Day], objective: f64) -> Option<f64> {
    let sum: Day = days.iter().copied().sum();
    let all = sum.good + sum.bad;
    if all == 0 {
        return None;
    }
    let allowed = f64::from(all) * (1.0 - objective);
    Some(f64::from(sum.bad) / allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(good: u32, bad: u32) -> Day {
        Day { good, bad }
    }

    #[test]
    fn burned_share() {
        let days = [day(90, 10), day(100, 0)];
        assert_eq!(burned(&days, 0.75), Some(0.2));
        assert_eq!(burned(&days, 0.5), Some(0.1));
        assert_eq!(days.len(), 2);
    }

    #[test]
    fn no_traffic() {
        assert_eq!(burned(&[day(0, 0)], 0.9), None);
        assert_eq!(burned(&[], 0.9), None);
    }
}
