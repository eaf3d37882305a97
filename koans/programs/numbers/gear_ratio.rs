use std::cmp::Ordering;
use std::fmt::{self, Display};

/// Teeth driven per teeth driving, never reduced so the gears stay visible.
#[derive(Debug, Clone, Copy)]
pub struct Ratio {
    driven: u64,
    driving: u64,
}

impl Ratio {
    pub fn of(driven: u16, driving: u16) -> Option<Ratio> {
        if driving == 0 || driven == 0 {
            return None;
        }
        Some(Ratio {
            driven: driven.into(),
            driving: driving.into(),
        })
    }

    pub fn then(self, next: Ratio) -> Ratio {
        Ratio {
            driven: self.driven * next.driven,
            driving: self.driving * next.driving,
        }
    }

    pub fn flip(&self) -> Ratio {
        Ratio {
            driven: self.driving,
            driving: self.driven,
        }
    }
}

impl PartialEq for Ratio {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Ratio {}

impl Ord for Ratio {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.driven * other.driving).cmp(&(other.driven * self.driving))
    }
}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.driven, self.driving)
    }
}

pub fn easiest(gears: &[(u16, u16)]) -> Option<Ratio> {
    gears.iter().filter_map(|&(a, b)| Ratio::of(a, b)).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compares_by_value() {
        let half = Ratio::of(10, 20).unwrap();
        assert_eq!(half, Ratio::of(16, 32).unwrap());
        assert!(half < Ratio::of(11, 20).unwrap());
        assert!(half.flip() > half);
        assert_eq!(half.flip().to_string(), "20:10");
    }

    #[test]
    fn trains_multiply() {
        let train = Ratio::of(30, 10).and_then(|r| Some(r.then(Ratio::of(8, 6)?)));
        assert_eq!(train.unwrap().to_string(), "240:60");
        assert_eq!(train, Ratio::of(4, 1));
    }

    #[test]
    fn easiest_gear() {
        let gear = easiest(&[(11, 44), (34, 0), (28, 22), (32, 30)]).unwrap();
        assert_eq!(gear.to_string(), "28:22");
        assert!(easiest(&[(0, 3)]).is_none());
    }
}
