use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// Urgent alarms first; among equals the one that came in earlier.
#[derive(Debug, PartialEq, Eq)]
pub struct Alarm {
    pub urgency: u8,
    pub arrived: u64,
}

impl Ord for Alarm {
    fn cmp(&self, other: &Alarm) -> Ordering {
        let by_urgency = self.urgency.cmp(&other.urgency);
        by_urgency.then(other.arrived.cmp(&self.arrived))
    }
}

impl PartialOrd for Alarm {
    fn partial_cmp(&self, other: &Alarm) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

pub fn next_two(alarms: Vec<Alarm>) -> Option<(Alarm, Alarm)> {
    let mut heap = BinaryHeap::from(alarms);
    Some((heap.pop()?, heap.pop()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alarm(urgency: u8, arrived: u64) -> Alarm {
        Alarm { urgency, arrived }
    }

    #[test]
    fn most_urgent_then_oldest() {
        let got = next_two(vec![alarm(1, 1), alarm(7, 30), alarm(7, 20)]);
        assert_eq!(got, Some((alarm(7, 20), alarm(7, 30))));
    }

    #[test]
    fn needs_two() {
        assert_eq!(next_two(vec![alarm(3, 3)]), None);
    }
}
