use std::ops::Mul;

/// x' = a x + c y + e, y' = b x + d y + f
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Affine([f64; 6]);

impl Default for Affine {
    fn default() -> Self {
        Affine([1.0, 0.0, 0.0, 1.0, 0.0, 0.0])
    }
}

impl Affine {
    pub fn shift(dx: f64, dy: f64) -> Self {
        Affine([1.0, 0.0, 0.0, 1.0, dx, dy])
    }

    pub fn scale(sx: f64, sy: f64) -> Self {
        Affine([sx, 0.0, 0.0, sy, 0.0, 0.0])
    }

    pub fn quarter_turn() -> Self {
        Affine([0.0, 1.0, -1.0, 0.0, 0.0, 0.0])
    }

    pub fn apply(&self, (x, y): (f64, f64)) -> (f64, f64) {
        let [a, b, c, d, e, f] = self.0;
        (a * x + c * y + e, b * x + d * y + f)
    }

    pub fn inverse(&self) -> Option<Affine> {
        let [a, b, c, d, e, f] = self.0;
        let det = a * d - b * c;
        if det.abs() < 1e-12 {
            return None;
        }
        let (ia, ib, ic, id) = (d / det, -b / det, -c / det, a / det);
        let back = [ia, ib, ic, id, -(ia * e + ic * f), -(ib * e + id * f)];
        Some(Affine(back))
    }
}

/// `outer * inner` applies `inner` first.
impl Mul for Affine {
    type Output = Affine;

    fn mul(self, inner: Affine) -> Affine {
        let origin = self.apply(inner.apply((0.0, 0.0)));
        let right = self.apply(inner.apply((1.0, 0.0)));
        let up = self.apply(inner.apply((0.0, 1.0)));
        Affine([
            right.0 - origin.0,
            right.1 - origin.1,
            up.0 - origin.0,
            up.1 - origin.1,
            origin.0,
            origin.1,
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_matters() {
        let shift = Affine::shift(2.0, 0.0);
        let turn = Affine::quarter_turn();
        assert_eq!((turn * shift).apply((1.0, 0.0)), (0.0, 3.0));
        assert_eq!((shift * turn).apply((1.0, 0.0)), (2.0, 1.0));
    }

    #[test]
    fn inverse_undoes() {
        let map = Affine::scale(2.0, 4.0) * Affine::shift(1.0, -3.0) * Affine::quarter_turn();
        let back = map.inverse().unwrap();
        assert_eq!(back.apply(map.apply((5.0, 7.0))), (5.0, 7.0));
        assert_eq!(back * map, Affine::default());
        assert_eq!(Affine::scale(0.0, 1.0).inverse(), None);
    }
}
