#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    Down,
    Up,
    Nearest,
    HalfEven,
}

impl Rounding {
    /// Rounds `cents` to a multiple of `step`, the smallest coin in use.
    pub fn apply(self, cents: u32, step: u32) -> u32 {
        let below = cents - cents % step;
        let above = below + step;
        let twice_rest = (cents - below) * 2;
        match self {
            _ if below == cents => cents,
            Rounding::Down => below,
            Rounding::Up => above,
            Rounding::Nearest if twice_rest >= step => above,
            Rounding::HalfEven if twice_rest > step => above,
            Rounding::HalfEven if twice_rest == step && (below / step) % 2 == 1 => above,
            Rounding::Nearest | Rounding::HalfEven => below,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directed_modes() {
        assert_eq!(Rounding::Down.apply(1234, 5), 1230);
        assert_eq!(Rounding::Up.apply(1231, 5), 1235);
        assert_eq!(Rounding::Up.apply(1230, 5), 1230);
    }

    #[test]
    fn ties() {
        assert_eq!(Rounding::Nearest.apply(15, 10), 20);
        assert_eq!(Rounding::HalfEven.apply(15, 10), 20);
        assert_eq!(Rounding::HalfEven.apply(25, 10), 20);
        assert_eq!(Rounding::HalfEven.apply(26, 10), 30);
        assert_eq!(Rounding::Nearest.apply(14, 10), 10);
    }
}
