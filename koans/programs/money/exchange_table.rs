use std::collections::HashMap;

/// Rates are stored as units of the quote currency per 10_000 units of the base.
pub struct ExchangeTable<'t> {
    pivot: &'t str,
    rates: HashMap<&'t str, u64>,
}

impl<'t> ExchangeTable<'t> {
    const SCALE: u64 = 10_000;

    pub fn parse(pivot: &'t str, text: &'t str) -> Result<Self, std::num::ParseIntError> {
        let mut rates = HashMap::new();
        for row in text.lines().filter(|r| !r.trim().is_empty()) {
            let (code, rate) = row.split_once('=').unwrap_or((row, ""));
            rates.insert(code.trim(), rate.trim().parse()?);
        }
        rates.insert(pivot, Self::SCALE);
        Ok(ExchangeTable { pivot, rates })
    }

    pub fn convert(&self, cents: u64, from: &str, to: &str) -> Option<u64> {
        if from == to {
            return Some(cents);
        }
        let from_rate = *self.rates.get(from)?;
        let to_rate = *self.rates.get(to)?;
        (cents * to_rate).checked_div(from_rate)
    }

    pub fn pivot(&self) -> &'t str {
        self.pivot
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "USD = 10800\n\nJPY=1620000\nBAD=0\n";

    #[test]
    fn converts_over_the_pivot() {
        let table = ExchangeTable::parse("EUR", TEXT).unwrap();
        assert_eq!(table.pivot(), "EUR");
        assert_eq!(table.convert(1000, "EUR", "USD"), Some(1080));
        assert_eq!(table.convert(1080, "USD", "EUR"), Some(1000));
        assert_eq!(table.convert(108, "USD", "JPY"), Some(16200));
        assert_eq!(table.convert(7, "XXX", "XXX"), Some(7));
    }

    #[test]
    fn unknown_or_zero_rates_give_none() {
        let table = ExchangeTable::parse("EUR", TEXT).unwrap();
        assert_eq!(table.convert(5, "EUR", "GBP"), None);
        assert_eq!(table.convert(5, "BAD", "EUR"), None);
    }

    #[test]
    fn broken_rate_is_an_error() {
        assert!(ExchangeTable::parse("EUR", "USD=ten").is_err());
        assert!(ExchangeTable::parse("EUR", "USD").is_err());
    }
}
