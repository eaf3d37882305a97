use std::ops::Add;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Margins {
    pub top: u16,
    pub side: u16,
}

impl From<u16> for Margins {
    fn from(all: u16) -> Self {
        Margins {
            top: all,
            side: all,
        }
    }
}

impl Add for Margins {
    type Output = Margins;

    fn add(self, rhs: Margins) -> Margins {
        let (top, side) = (self.top + rhs.top, self.side + rhs.side);
        Margins { top, side }
    }
}

pub fn text_width(page: u16, outer: impl Into<Margins>, inner: Margins) -> Option<u16> {
    page.checked_sub(2 * (outer.into() + inner).side)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds_sides() {
        let sum = Margins::from(4) + Margins { top: 1, side: 9 };
        assert_eq!(sum, Margins { top: 5, side: 13 });
        assert_eq!(sum + Margins::default(), sum);
    }

    #[test]
    fn width_left_for_text() {
        assert_eq!(text_width(100, 10, 5.into()), Some(70));
        let side = Margins { top: 90, side: 2 };
        assert_eq!(text_width(100, side, side), Some(92));
        assert_eq!(text_width(20, 8, 4.into()), None);
    }
}
