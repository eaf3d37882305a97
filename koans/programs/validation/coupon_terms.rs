use std::error::Error;
use std::fmt::{Display, Formatter, Result as FmtResult};

#[derive(Debug, PartialEq, Eq)]
pub enum CouponError {
    Expired { day: u32 },
    MinimumNotMet { missing_cents: u64 },
}

impl Display for CouponError {
    fn fmt(&self, f: &mut Formatter<'_>) -> FmtResult {
        match self {
            CouponError::Expired { day } => write!(f, "expired on day {day}"),
            CouponError::MinimumNotMet { missing_cents: m } => {
                write!(f, "spend {}.{:02} more", m / 100, m % 100)
            }
        }
    }
}

impl Error for CouponError {}

pub struct Coupon {
    pub percent: u8,
    pub minimum_cents: u64,
    pub last_day: u32,
}

impl Coupon {
    pub fn apply(&self, cents: u64, today: u32) -> Result<u64, CouponError> {
        if today > self.last_day {
            return Err(CouponError::Expired { day: self.last_day });
        }
        match self.minimum_cents.checked_sub(cents) {
            None | Some(0) => Ok(cents - cents * u64::from(self.percent) / 100),
            Some(missing_cents) => Err(CouponError::MinimumNotMet { missing_cents }),
        }
    }
}

/// Reads the amount as typed by the customer, then applies the coupon.
pub fn discounted(amount: &str, coupon: &Coupon, today: u32) -> Result<u64, Box<dyn Error>> {
    let cents: u64 = amount.trim().parse()?;
    Ok(coupon.apply(cents, today)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const COUPON: Coupon = Coupon {
        percent: 15,
        minimum_cents: 2000,
        last_day: 30,
    };

    #[test]
    fn applies() {
        assert_eq!(COUPON.apply(2000, 30), Ok(1700));
        assert_eq!(discounted(" 3333 ", &COUPON, 1).unwrap(), 2834);
    }

    #[test]
    fn explains() {
        let text = |amount, day| discounted(amount, &COUPON, day).unwrap_err().to_string();
        assert_eq!(text("2000", 31), "expired on day 30");
        assert_eq!(text("1795", 3), "spend 2.05 more");
        assert_eq!(text("x", 3), "invalid digit found in string");
    }
}
