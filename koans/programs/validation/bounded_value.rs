use std::fmt::Debug;

#[derive(Debug, Clone, PartialEq)]
pub struct Bounds<T> {
    low: T,
    high: T,
}

#[derive(Debug, PartialEq)]
pub enum OutOfBounds<T> {
    Below { by: T },
    Above { by: T },
}

impl<T> Bounds<T>
where
    T: PartialOrd + Copy + std::ops::Sub<Output = T>,
{
    /// Takes the two ends in any order.
    pub fn between(a: T, b: T) -> Self {
        let (low, high) = if a <= b { (a, b) } else { (b, a) };
        Bounds { low, high }
    }

    pub fn check(&self, value: T) -> Result<T, OutOfBounds<T>> {
        if value < self.low {
            Err(OutOfBounds::Below {
                by: self.low - value,
            })
        } else if value > self.high {
            Err(OutOfBounds::Above {
                by: value - self.high,
            })
        } else {
            Ok(value)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers() {
        let bounds = Bounds::between(10u16, 5);
        assert_eq!(bounds, Bounds::between(5, 10));
        assert_eq!(bounds.check(10), Ok(10));
        assert_eq!(bounds.check(2), Err(OutOfBounds::Below { by: 3 }));
    }

    #[test]
    fn fractions() {
        let bounds = Bounds::between(0.0, 1.5);
        assert_eq!(bounds.check(0.25), Ok(0.25));
        assert_eq!(
            bounds.clone().check(2.0),
            Err(OutOfBounds::Above { by: 0.5 })
        );
    }
}
