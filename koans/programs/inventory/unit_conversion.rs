use std::fmt::{self, Display};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Piece,
    Box,
    Pallet,
}

impl Unit {
    pub const fn pieces(self) -> u32 {
        match self {
            Unit::Piece => 1,
            Unit::Box => 24,
            Unit::Pallet => 24 * 40,
        }
    }
}

#[derive(Debug, Clone, Copy)]
pub struct Quantity(pub u32, pub Unit);

impl Quantity {
    pub fn in_pieces(&self) -> u32 {
        self.0 * self.1.pieces()
    }

    /// Whole units of the target, and the pieces left over.
    pub fn to_unit(self, target: Unit) -> (Quantity, u32) {
        let pieces = self.in_pieces();
        let whole = pieces / target.pieces();
        (Quantity(whole, target), pieces % target.pieces())
    }
}

impl PartialEq for Quantity {
    fn eq(&self, other: &Self) -> bool {
        self.in_pieces() == other.in_pieces()
    }
}

impl Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.1 {
            Unit::Piece => "pc",
            Unit::Box => "bx",
            Unit::Pallet => "pal",
        };
        write!(f, "{} {unit}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equality_is_by_pieces() {
        assert_eq!(Quantity(2, Unit::Box), Quantity(48, Unit::Piece));
        assert_ne!(Quantity(1, Unit::Pallet), Quantity(41, Unit::Box));
    }

    #[test]
    fn converts_with_rest() {
        let order = Quantity(100, Unit::Piece);
        let (boxes, rest) = order.to_unit(Unit::Box);
        assert_eq!((boxes.to_string(), rest), ("4 bx".to_string(), 4));
        let (pallets, loose) = Quantity(41, Unit::Box).to_unit(Unit::Pallet);
        assert_eq!(pallets.to_string(), "1 pal");
        assert_eq!(loose, 24);
        assert_eq!(order.to_string(), "100 pc");
    }
}
