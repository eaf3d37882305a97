use std::marker::PhantomData;
use std::ops::Add;

pub trait Unit {
    const SYMBOL: &'static str;
    const MICRONS: u64;
}

#[derive(Debug)]
pub struct Millimetre;

#[derive(Debug)]
pub struct Inch;

impl Unit for Millimetre {
    const SYMBOL: &'static str = "mm";
    const MICRONS: u64 = 1_000;
}

impl Unit for Inch {
    const SYMBOL: &'static str = "in";
    const MICRONS: u64 = 25_400;
}

#[derive(Debug)]
pub struct Length<U> {
    microns: u64,
    unit: PhantomData<U>,
}

impl<U> Clone for Length<U> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<U> Copy for Length<U> {}

impl<U: Unit> Length<U> {
    pub fn whole(count: u32) -> Self {
        Length {
            microns: u64::from(count) * U::MICRONS,
            unit: PhantomData,
        }
    }

    pub fn to<V: Unit>(self) -> Length<V> {
        Length {
            microns: self.microns,
            unit: PhantomData,
        }
    }

    pub fn show(&self) -> String {
        let value = self.microns as f64 / U::MICRONS as f64;
        format!("{value:.2} {}", U::SYMBOL)
    }
}

impl<U: Unit> Add for Length<U> {
    type Output = Length<U>;

    fn add(self, rhs: Self) -> Self::Output {
        Length {
            microns: self.microns + rhs.microns,
            unit: PhantomData,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conversions() {
        let two = Length::<Inch>::whole(2);
        assert_eq!(two.show(), "2.00 in");
        assert_eq!(two.to::<Millimetre>().show(), "50.80 mm");
        assert_eq!(
            Length::<Millimetre>::whole(10).to::<Inch>().show(),
            "0.39 in"
        );
    }

    #[test]
    fn sums_keep_the_unit() {
        let board = Length::<Millimetre>::whole(18);
        let stack = board + board + Length::<Inch>::whole(1).to();
        assert_eq!(stack.show(), "61.40 mm");
        assert_eq!(board.show(), "18.00 mm");
    }
}
