#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booking {
    pub room: String,
    pub from: u32,
    pub until: u32,
    pub guests: u8,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Violation<'a> {
    Empty,
    TooMany { allowed: u8 },
    Overlaps(&'a Booking),
}

pub trait Rule {
    fn check<'a>(&self, new: &Booking, existing: &'a [Booking]) -> Option<Violation<'a>>;
}

pub struct NotEmpty;
pub struct Capacity(pub u8);
pub struct NoOverlap;

impl Rule for NotEmpty {
    fn check<'a>(&self, new: &Booking, _: &'a [Booking]) -> Option<Violation<'a>> {
        (new.from >= new.until || new.guests == 0).then_some(Violation::Empty)
    }
}

impl Rule for Capacity {
    fn check<'a>(&self, new: &Booking, _: &'a [Booking]) -> Option<Violation<'a>> {
        let allowed = self.0;
        (new.guests > allowed).then_some(Violation::TooMany { allowed })
    }
}

impl Rule for NoOverlap {
    fn check<'a>(&self, new: &Booking, existing: &'a [Booking]) -> Option<Violation<'a>> {
        let clash = existing
            .iter()
            .filter(|b| b.room == new.room)
            .find(|b| b.from < new.until && new.from < b.until)?;
        Some(Violation::Overlaps(clash))
    }
}

pub fn violations<'a>(
    rules: &[Box<dyn Rule>],
    new: &Booking,
    existing: &'a [Booking],
) -> Vec<Violation<'a>> {
    rules
        .iter()
        .filter_map(|rule| rule.check(new, existing))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn booking(room: &str, from: u32, until: u32, guests: u8) -> Booking {
        Booking {
            room: room.to_string(),
            from,
            until,
            guests,
        }
    }

    fn rules() -> Vec<Box<dyn Rule>> {
        vec![
            Box::new(NotEmpty),
            Box::new(Capacity(4)),
            Box::new(NoOverlap),
        ]
    }

    #[test]
    fn touching_is_fine() {
        let existing = [booking("a", 1, 3, 2), booking("b", 3, 9, 2)];
        assert!(violations(&rules(), &booking("a", 3, 5, 4), &existing).is_empty());
    }

    #[test]
    fn reports_each_rule() {
        let existing = [booking("a", 1, 3, 2), booking("a", 4, 6, 1)];
        let found = violations(&rules(), &booking("a", 5, 7, 5), &existing);
        let expected = [
            Violation::TooMany { allowed: 4 },
            Violation::Overlaps(&existing[1]),
        ];
        assert_eq!(found, expected);
        let found = violations(&rules(), &booking("c", 5, 5, 1), &existing);
        assert_eq!(found, [Violation::Empty]);
    }
}
