use std::collections::BTreeSet;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heading {
    Up,
    Down,
    Idle,
}

/// One lift cabin that keeps its heading while stops remain that way.
#[derive(Debug)]
pub struct Lift {
    floor: i32,
    heading: Heading,
    stops: BTreeSet<i32>,
}

impl Lift {
    pub fn at(floor: i32) -> Self {
        Lift {
            floor,
            heading: Heading::Idle,
            stops: BTreeSet::new(),
        }
    }

    pub fn press(&mut self, floor: i32) {
        if floor != self.floor {
            self.stops.insert(floor);
        }
    }

    pub fn heading(&self) -> Heading {
        self.heading
    }

    fn above(&self) -> bool {
        self.stops.range(self.floor + 1..).next().is_some()
    }

    fn below(&self) -> bool {
        self.stops.range(..self.floor).next_back().is_some()
    }

    /// Moves one floor; `Some(floor)` when the doors open there.
    pub fn tick(&mut self) -> Option<i32> {
        self.heading = match (self.heading, self.above(), self.below()) {
            (Heading::Down, _, true) => Heading::Down,
            (_, true, _) => Heading::Up,
            (_, false, true) => Heading::Down,
            (_, false, false) => Heading::Idle,
        };
        self.floor += match self.heading {
            Heading::Up => 1,
            Heading::Down => -1,
            Heading::Idle => return None,
        };
        self.stops.take(&self.floor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finishes_one_way_first() {
        let mut lift = Lift::at(2);
        lift.press(3);
        lift.press(1);
        lift.press(4);
        let opened: Vec<i32> = (0..5).filter_map(|_| lift.tick()).collect();
        assert_eq!(opened, vec![3, 4, 1]);
        assert_eq!(lift.heading(), Heading::Down);
        assert_eq!(lift.tick(), None);
        assert_eq!(lift.heading(), Heading::Idle);
    }

    #[test]
    fn keeps_going_down() {
        let mut lift = Lift::at(0);
        lift.press(0);
        assert_eq!(lift.tick(), None);
        assert_eq!(lift.heading(), Heading::Idle);
        lift.press(-2);
        assert_eq!(lift.tick(), None);
        assert_eq!(lift.heading(), Heading::Down);
        lift.press(5);
        assert_eq!(lift.tick(), Some(-2));
        assert_eq!(lift.tick(), None);
        assert_eq!(lift.heading(), Heading::Up);
    }
}
