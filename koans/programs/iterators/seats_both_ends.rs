use std::iter::FusedIterator;

/// Free seats of a row, taken from either end.
#[derive(Debug, Clone)]
pub struct FreeSeats<'r> {
    taken: &'r [bool],
    front: usize,
    back: usize,
}

impl<'r> FreeSeats<'r> {
    pub fn new(taken: &'r [bool]) -> Self {
        FreeSeats {
            taken,
            front: 0,
            back: taken.len(),
        }
    }
}

impl Iterator for FreeSeats<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        while self.front < self.back {
            let seat = self.front;
            self.front += 1;
            if !self.taken[seat] {
                return Some(seat);
            }
        }
        None
    }
}

impl DoubleEndedIterator for FreeSeats<'_> {
    fn next_back(&mut self) -> Option<usize> {
        while self.front < self.back {
            self.back -= 1;
            if !self.taken[self.back] {
                return Some(self.back);
            }
        }
        None
    }
}

impl FusedIterator for FreeSeats<'_> {}

/// Seats guests alternately at the left and the right end.
pub fn alternate(taken: &[bool], guests: usize) -> Vec<usize> {
    let mut free = FreeSeats::new(taken);
    (0..guests)
        .map_while(|guest| {
            if guest % 2 == 0 {
                free.next()
            } else {
                free.next_back()
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROW: [bool; 7] = [true, false, false, true, false, false, true];

    #[test]
    fn both_directions() {
        let seats = FreeSeats::new(&ROW);
        let ahead: Vec<_> = seats.clone().collect();
        assert_eq!(ahead, [1, 2, 4, 5]);
        assert_eq!(seats.rev().collect::<Vec<_>>(), [5, 4, 2, 1]);
    }

    #[test]
    fn ends_meet() {
        assert_eq!(alternate(&ROW, 3), [1, 5, 2]);
        assert_eq!(alternate(&ROW, 9), [1, 5, 2, 4]);
        assert!(alternate(&[], 2).is_empty());
    }
}
