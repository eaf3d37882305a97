/// A small counter that stops at its limits instead of wrapping.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Meter(u8);

impl Meter {
    pub fn bump(&mut self, by: u8) -> bool {
        let (sum, over) = self.0.overflowing_add(by);
        self.0 = if over { u8::MAX } else { sum };
        over
    }

    pub fn cool(self, by: u8) -> Meter {
        Meter(self.0.saturating_sub(by))
    }

    pub fn share(self) -> f64 {
        f64::from(self.0) / f64::from(u8::MAX)
    }
}

pub fn hottest(meters: &[(String, Meter)]) -> Option<&str> {
    let (name, _) = meters.iter().max_by_key(|(_, meter)| *meter)?;
    Some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stops_at_limits() {
        let mut meter = Meter::default();
        assert!(!meter.bump(200));
        assert!(!meter.bump(55));
        assert_eq!(meter, Meter(255));
        assert!(meter.bump(1));
        assert_eq!(meter.share(), 1.0);
        assert_eq!(meter.cool(200).cool(100), Meter::default());
        assert_eq!(meter.cool(204).share(), 0.2);
    }

    #[test]
    fn hottest_name() {
        let mut disk = Meter::default();
        disk.bump(9);
        let meters = [
            ("net".to_string(), disk.cool(5)),
            ("disk".to_string(), disk),
        ];
        assert_eq!(hottest(&meters), Some("disk"));
        assert_eq!(hottest(&[]), None);
    }
}
