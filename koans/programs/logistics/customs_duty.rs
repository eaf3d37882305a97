use std::collections::HashMap;

pub struct Duties {
    /// Per mille of the value, by tariff heading; longer headings are more special.
    rates: HashMap<String, u32>,
    free_limit: u32,
}

impl Duties {
    pub fn new(free_limit: u32, rates: &[(&str, u32)]) -> Self {
        let rates = rates.iter().map(|(h, r)| (h.to_string(), *r)).collect();
        Duties { rates, free_limit }
    }

    pub fn rate_for(&self, code: &str) -> Option<u32> {
        (1..=code.len())
            .rev()
            .find_map(|end| self.rates.get(&code[..end]))
            .copied()
    }

    pub fn duty(&self, goods: &[(String, u32)]) -> Result<u32, String> {
        let total: u32 = goods.iter().map(|(_, value)| value).sum();
        if total <= self.free_limit {
            return Ok(0);
        }
        let mut due = 0;
        for (code, value) in goods {
            let rate = self.rate_for(code).ok_or_else(|| code.clone())?;
            due += value * rate / 1000;
        }
        Ok(due)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn goods(list: &[(&str, u32)]) -> Vec<(String, u32)> {
        list.iter().map(|(c, v)| (c.to_string(), *v)).collect()
    }

    #[test]
    fn longest_heading_wins() {
        let duties = Duties::new(0, &[("64", 80), ("6403", 170)]);
        assert_eq!(duties.rate_for("640391"), Some(170));
        assert_eq!(duties.rate_for("640299"), Some(80));
        assert_eq!(duties.rate_for("99"), None);
    }

    #[test]
    fn free_limit_covers_the_whole_shipment() {
        let duties = Duties::new(15_000, &[("64", 80), ("49", 0)]);
        assert_eq!(
            duties.duty(&goods(&[("6402", 9_000), ("4901", 6_000)])),
            Ok(0)
        );
        assert_eq!(
            duties.duty(&goods(&[("6402", 9_000), ("4901", 6_001)])),
            Ok(720)
        );
        assert_eq!(
            duties.duty(&goods(&[("8501", 20_000)])),
            Err("8501".to_string())
        );
    }
}
