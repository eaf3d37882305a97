use std::iter::Sum;
use std::ops::{Add, Sub};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct WattHours(pub u32);

impl Add for WattHours {
    type Output = WattHours;
    fn add(self, rhs: Self) -> Self {
        WattHours(self.0 + rhs.0)
    }
}

impl Sub for WattHours {
    type Output = WattHours;
    fn sub(self, rhs: Self) -> Self {
        WattHours(self.0.saturating_sub(rhs.0))
    }
}

impl Sum for WattHours {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(WattHours::default(), |a, b| a + b)
    }
}

pub struct Cell {
    pub full: WattHours,
    pub held: WattHours,
}

pub fn percent(pack: &[Cell]) -> u8 {
    let held: WattHours = pack.iter().map(|c| c.held).sum();
    let full: WattHours = pack.iter().map(|c| c.full).sum();
    (held.0 * 100).checked_div(full.0).unwrap_or(0) as u8
}

/// Fills the emptiest cells first; gives what did not fit.
pub fn charge(pack: &mut [Cell], supply: WattHours) -> WattHours {
    let mut left = supply;
    pack.sort_by_key(|c| c.held);
    for cell in pack {
        let taken = left.min(cell.full - cell.held);
        cell.held = cell.held + taken;
        left = left - taken;
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(full: u32, held: u32) -> Cell {
        Cell {
            full: WattHours(full),
            held: WattHours(held),
        }
    }

    #[test]
    fn percent_of_pack() {
        assert_eq!(percent(&[cell(50, 10), cell(50, 35)]), 45);
        assert_eq!(percent(&[]), 0);
    }

    #[test]
    fn emptiest_first() {
        let mut pack = vec![cell(50, 40), cell(50, 5)];
        assert_eq!(charge(&mut pack, WattHours(46)), WattHours(0));
        assert_eq!(pack[0].held, WattHours(50));
        assert_eq!(pack[1].held, WattHours(41));
        assert_eq!(charge(&mut pack, WattHours(20)), WattHours(11));
        assert_eq!(percent(&pack), 100);
    }
}
