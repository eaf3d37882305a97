#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlertState {
    Ok,
    Pending { since: u64 },
    Firing { since: u64 },
}

/// Fires once the value has stayed above `limit` for `hold` seconds.
#[derive(Debug)]
pub struct AlertRule {
    pub limit: f64,
    pub hold: u64,
    state: AlertState,
}

impl AlertRule {
    pub fn above(limit: f64, hold: u64) -> Self {
        AlertRule {
            limit,
            hold,
            state: AlertState::Ok,
        }
    }

    /// Takes a sample; gives the new state only when it changed.
    pub fn observe(&mut self, now: u64, value: f64) -> Option<AlertState> {
        use AlertState::*;
        let next = match self.state {
            _ if value <= self.limit => Ok,
            Ok => Pending { since: now },
            Pending { since } if now - since >= self.hold => Firing { since },
            same => same,
        };
        let before = std::mem::replace(&mut self.state, next);
        (before != next).then_some(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pending_then_firing() {
        let mut rule = AlertRule::above(0.9, 30);
        assert_eq!(rule.observe(0, 0.9), None);
        assert_eq!(
            rule.observe(10, 0.95),
            Some(AlertState::Pending { since: 10 })
        );
        assert_eq!(rule.observe(39, 0.99), None);
        assert_eq!(
            rule.observe(40, 0.99),
            Some(AlertState::Firing { since: 10 })
        );
        assert_eq!(rule.observe(50, 2.0), None);
        assert_eq!(rule.observe(60, 0.1), Some(AlertState::Ok));
    }

    #[test]
    fn a_dip_restarts_the_wait() {
        let mut rule = AlertRule::above(5.0, 10);
        rule.observe(0, 6.0);
        rule.observe(5, 4.0);
        assert_eq!(
            rule.observe(12, 6.0),
            Some(AlertState::Pending { since: 12 })
        );
    }
}
