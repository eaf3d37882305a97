use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul, Neg, Sub};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Money {
    pub cents: i64,
}

impl Money {
    pub const ZERO: Money = Money { cents: 0 };

    pub fn of(units: i64, cents: u8) -> Self {
        let cents = i64::from(cents);
        Money {
            cents: units * 100 + if units < 0 { -cents } else { cents },
        }
    }

    pub fn is_debt(self) -> bool {
        self < Self::ZERO
    }
}

impl Add for Money {
    type Output = Money;
    fn add(self, other: Money) -> Money {
        Money {
            cents: self.cents + other.cents,
        }
    }
}

impl Sub for Money {
    type Output = Money;
    fn sub(self, other: Money) -> Money {
        self + -other
    }
}

impl Neg for Money {
    type Output = Money;
    fn neg(self) -> Money {
        Money { cents: -self.cents }
    }
}

impl Mul<u32> for Money {
    type Output = Money;
    fn mul(self, times: u32) -> Money {
        Money {
            cents: self.cents * i64::from(times),
        }
    }
}

impl AddAssign for Money {
    fn add_assign(&mut self, other: Money) {
        *self = *self + other;
    }
}

impl<'a> Sum<&'a Money> for Money {
    fn sum<I: Iterator<Item = &'a Money>>(items: I) -> Money {
        items.fold(Money::ZERO, |acc, m| acc + *m)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arithmetic() {
        let coffee = Money::of(3, 40);
        let cake = Money::of(4, 75);
        assert_eq!(coffee + cake, Money { cents: 815 });
        assert_eq!(coffee - cake, Money { cents: -135 });
        assert_eq!(coffee * 3, Money { cents: 1020 });
        assert!((coffee - cake).is_debt());
        assert!(!Money::ZERO.is_debt());
    }

    #[test]
    fn negative_units_take_the_cents_along() {
        assert_eq!(Money::of(-2, 50), Money { cents: -250 });
    }

    #[test]
    fn sums_borrowed_items() {
        let mut items = vec![Money::of(1, 0), Money::of(0, 5)];
        items[1] += Money::of(0, 10);
        assert_eq!(items.iter().sum::<Money>(), Money { cents: 115 });
        assert_eq!(Money::default(), Money::ZERO);
    }
}
