use std::iter::Sum;
use std::ops::{Add, Mul, Neg, Sub};

#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct V2 {
    pub x: f64,
    pub y: f64,
}

impl V2 {
    pub const fn new(x: f64, y: f64) -> Self {
        V2 { x, y }
    }

    pub fn dot(self, other: V2) -> f64 {
        self.x * other.x + self.y * other.y
    }

    pub fn length(self) -> f64 {
        self.dot(self).sqrt()
    }

    pub fn turned_left(self) -> V2 {
        V2::new(-self.y, self.x)
    }
}

impl Add for V2 {
    type Output = V2;
    fn add(self, rhs: V2) -> V2 {
        V2::new(self.x + rhs.x, self.y + rhs.y)
    }
}

impl Neg for V2 {
    type Output = V2;
    fn neg(self) -> V2 {
        V2::new(-self.x, -self.y)
    }
}

impl Sub for V2 {
    type Output = V2;
    fn sub(self, rhs: V2) -> V2 {
        self + -rhs
    }
}

impl Mul<V2> for f64 {
    type Output = V2;
    fn mul(self, rhs: V2) -> V2 {
        V2::new(self * rhs.x, self * rhs.y)
    }
}

impl Sum for V2 {
    fn sum<I: Iterator<Item = V2>>(points: I) -> V2 {
        points.fold(V2::default(), |total, point| total + point)
    }
}

pub fn centroid(points: &[V2]) -> Option<V2> {
    if points.is_empty() {
        return None;
    }
    let total: V2 = points.iter().copied().sum();
    Some(1.0 / points.len() as f64 * total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arithmetic() {
        let a = V2::new(3.0, 4.0);
        let b = V2::new(1.0, -2.0);
        assert_eq!(a + b, V2::new(4.0, 2.0));
        assert_eq!(a - b, V2::new(2.0, 6.0));
        assert_eq!(2.0 * b, V2::new(2.0, -4.0));
        assert_eq!(a.length(), 5.0);
        assert_eq!(a.turned_left(), V2::new(-4.0, 3.0));
        assert_eq!(a.dot(b), -5.0);
    }

    #[test]
    fn middle_of_points() {
        let points = [V2::new(0.0, 0.0), V2::new(4.0, 2.0)];
        assert_eq!(centroid(&points), Some(V2::new(2.0, 1.0)));
        assert_eq!(centroid(&[]), None);
    }
}
