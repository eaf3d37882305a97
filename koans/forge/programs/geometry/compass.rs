#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Heading {
    North,
    East,
    South,
    West,
}

use Heading::*;

const RING: [Heading; 4] = [North, East, South, West];

impl Heading {
    pub fn turned(self, quarters: i8) -> Heading {
        let at = (self as i8 + quarters).rem_euclid(4);
        RING[at as usize]
    }

    pub fn step(self) -> (i32, i32) {
        match self {
            North => (0, 1),
            East => (1, 0),
            South => (0, -1),
            West => (-1, 0),
        }
    }
}

/// Where a mower ends up; digits move, `l` and `r` turn, the rest is ignored.
pub fn drive(plan: &str, start: Heading) -> ((i32, i32), Heading) {
    let mut place = (0, 0);
    let mut heading = start;
    for letter in plan.chars() {
        match letter {
            'l' => heading = heading.turned(-1),
            'r' => heading = heading.turned(1),
            _ => {
                let Some(far) = letter.to_digit(10) else {
                    continue;
                };
                let (dx, dy) = heading.step();
                place.0 += dx * far as i32;
                place.1 += dy * far as i32;
            }
        }
    }
    (place, heading)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turning_wraps() {
        assert_eq!(North.turned(-1), West);
        assert_eq!(West.turned(2), East);
        assert_eq!(South.turned(-6), North);
    }

    #[test]
    fn driving() {
        assert_eq!(drive("3 r 2 r 1", North), ((2, 2), South));
        assert_eq!(drive("l5", North), ((-5, 0), West));
        assert_eq!(drive("", East), ((0, 0), East));
    }
}
