use std::fmt;
use std::ops::{Add, Mul, Sub};
use std::str::FromStr;

/// An amount in hundredths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Amount(i64);

impl Amount {
    pub const ZERO: Amount = Amount(0);

    pub fn percent(self, percent: u8) -> Amount {
        let raw = self.0 * i64::from(percent);
        let half = if raw < 0 { -50 } else { 50 };
        Amount((raw + half) / 100)
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let cents = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", cents / 100, cents % 100)
    }
}

impl FromStr for Amount {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let bad = || format!("not an amount: {text}");
        let (digits, sign) = match text.strip_prefix('-') {
            Some(rest) => (rest, -1),
            None => (text, 1),
        };
        let (whole, cents) = digits.split_once('.').unwrap_or((digits, "00"));
        if cents.len() != 2 {
            return Err(bad());
        }
        let whole: u32 = whole.parse().map_err(|_| bad())?;
        let cents: u8 = cents.parse().map_err(|_| bad())?;
        Ok(Amount(sign * (i64::from(whole) * 100 + i64::from(cents))))
    }
}

impl Add for Amount {
    type Output = Self;
    fn add(self, rhs: Self) -> Self {
        Amount(self.0 + rhs.0)
    }
}

impl Sub for Amount {
    type Output = Self;
    fn sub(self, rhs: Self) -> Self {
        Amount(self.0 - rhs.0)
    }
}

impl Mul<u32> for Amount {
    type Output = Self;
    fn mul(self, count: u32) -> Self {
        Amount(self.0 * i64::from(count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(text: &str) -> Amount {
        text.parse().unwrap()
    }

    #[test]
    fn round_trip() {
        for text in ["0.00", "12.05", "-3.40", "-0.07"] {
            assert_eq!(amount(text).to_string(), text);
        }
        assert_eq!(amount("7"), amount("7.00"));
        assert_eq!(
            "1.5".parse::<Amount>(),
            Err("not an amount: 1.5".to_string())
        );
        assert!("x.00".parse::<Amount>().is_err());
    }

    #[test]
    fn sums() {
        let total = amount("1.25") * 3 + amount("0.30") - amount("5.00");
        assert_eq!(total.to_string(), "-0.95");
        assert!(total < Amount::ZERO);
        assert_eq!(Amount::default(), Amount::ZERO);
    }

    #[test]
    fn percents_round() {
        assert_eq!(amount("10.50").percent(5), amount("0.53"));
        assert_eq!(amount("-10.50").percent(5), amount("-0.53"));
        assert_eq!(amount("10.00").percent(19), amount("1.90"));
    }
}
