pub trait Approx<Rhs: ?Sized = Self> {
    fn close_to(&self, other: &Rhs, eps: f64) -> bool;
}

impl Approx for f64 {
    fn close_to(&self, other: &f64, eps: f64) -> bool {
        (self - other).abs() <= eps
    }
}

impl<T: Approx> Approx for [T] {
    fn close_to(&self, other: &[T], eps: f64) -> bool {
        self.len() == other.len() && self.iter().zip(other).all(|(a, b)| a.close_to(b, eps))
    }
}

impl<T: Approx> Approx<T> for Option<T> {
    fn close_to(&self, other: &T, eps: f64) -> bool {
        self.as_ref()
            .is_some_and(|inner| inner.close_to(other, eps))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_slices() {
        assert!(1.0f64.close_to(&1.05, 0.1));
        assert!(!1.0f64.close_to(&1.25, 0.1));
        assert!([1.0, 2.0][..].close_to(&[1.5, 2.5], 0.5));
        assert!(![1.0, 2.0][..].close_to(&[1.0], 9.0));
    }

    #[test]
    fn options() {
        assert!(Some(3.0).close_to(&3.0, 0.0));
        assert!(!None::<f64>.close_to(&3.0, 10.0));
    }
}
