use std::collections::BTreeMap;
use std::fmt;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booking {
    pub title: String,
    pub end: u32,
}

#[derive(Debug, PartialEq, Eq)]
pub enum BookingError {
    Empty,
    Taken { by: String, until: u32 },
}

impl fmt::Display for BookingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("booking ends before it starts"),
            Self::Taken { by, until } => write!(f, "taken by {by} until {until}"),
        }
    }
}

/// Bookings of one room, keyed by their start.
#[derive(Debug, Default)]
pub struct Room {
    bookings: BTreeMap<u32, Booking>,
}

impl Room {
    pub fn book(&mut self, start: u32, end: u32, title: &str) -> Result<(), BookingError> {
        if end <= start {
            return Err(BookingError::Empty);
        }
        // the last booking that begins before our end is the only one that can reach in
        if let Some((_, other)) = self.bookings.range(..end).next_back() {
            if other.end > start {
                return Err(BookingError::Taken {
                    by: other.title.clone(),
                    until: other.end,
                });
            }
        }
        let title = title.to_string();
        self.bookings.insert(start, Booking { title, end });
        Ok(())
    }

    pub fn at(&self, moment: u32) -> Option<&Booking> {
        let (_, booking) = self.bookings.range(..=moment).next_back()?;
        (booking.end > moment).then_some(booking)
    }

    pub fn move_to(&mut self, start: u32, new_start: u32) -> Result<bool, BookingError> {
        let Some(booking) = self.bookings.remove(&start) else {
            return Ok(false);
        };
        let new_end = new_start + (booking.end - start);
        let outcome = self.book(new_start, new_end, &booking.title);
        if outcome.is_err() {
            self.bookings.insert(start, booking);
        }
        outcome.map(|()| true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_overlaps() {
        let mut room = Room::default();
        room.book(10, 20, "demo").unwrap();
        room.book(20, 25, "retro").unwrap();
        let clash = room.book(5, 11, "one on one").unwrap_err();
        assert_eq!(clash.to_string(), "taken by demo until 20");
        assert_eq!(room.book(5, 5, "x"), Err(BookingError::Empty));
        assert_eq!(room.at(19).map(|b| b.title.as_str()), Some("demo"));
        assert_eq!(room.at(20).unwrap().title, "retro");
        assert_eq!(room.at(25), None);
        assert_eq!(room.at(9), None);
    }

    #[test]
    fn moving_keeps_the_length_or_the_place() {
        let mut room = Room::default();
        room.book(0, 4, "a").unwrap();
        room.book(10, 12, "b").unwrap();
        assert_eq!(room.move_to(0, 2), Ok(true));
        assert_eq!(room.at(5).unwrap().end, 6);
        assert!(room.move_to(2, 9).is_err());
        assert_eq!(room.at(2).unwrap().title, "a");
        assert_eq!(room.move_to(7, 9), Ok(false));
    }
}
