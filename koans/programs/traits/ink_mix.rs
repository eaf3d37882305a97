use std::ops::{Add, Mul};

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ink(pub f32, pub f32, pub f32);

impl Add for Ink {
    type Output = Ink;

    fn add(self, o: Ink) -> Ink {
        Ink(self.0 + o.0, self.1 + o.1, self.2 + o.2)
    }
}

impl Mul<Ink> for f32 {
    type Output = Ink;

    fn mul(self, ink: Ink) -> Ink {
        Ink(self * ink.0, self * ink.1, self * ink.2)
    }
}

pub fn mix(a: &Ink, b: &Ink, share: f32) -> Ink {
    (1.0 - share) * *a + share * *b
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mixes() {
        let (a, b) = (Ink(0.0, 4.0, 8.0), Ink(8.0, 4.0, 0.0));
        assert_eq!(mix(&a, &b, 0.25), Ink(2.0, 4.0, 6.0));
        assert_eq!(mix(&a, &b, 1.0), b);
    }

    #[test]
    fn adds_channels() {
        assert_eq!(Ink(1.0, 2.0, 3.0) + Ink(4.0, 6.0, 8.0), Ink(5.0, 8.0, 11.0));
    }
}
