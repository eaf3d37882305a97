/// A day is 24 half hours; a set bit means the person is busy then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Day(u32);

impl Day {
    pub const SLOTS: u8 = 24;

    pub fn busy(mut self, from: u8, to: u8) -> Day {
        for slot in from..to.min(Self::SLOTS) {
            self.0 |= 1u32 << slot;
        }
        self
    }

    fn is_free(&self, from: u8, length: u8) -> bool {
        let mask = ((1u32 << length) - 1) << from;
        self.0 & mask == 0
    }
}

#[derive(Debug, PartialEq, Eq)]
pub struct Proposal<'a> {
    pub slot: u8,
    pub missing: Vec<&'a str>,
}

/// The slot that most people can attend, the earliest one when several are equal.
pub fn propose<'a>(people: &[(&'a str, Day)], length: u8) -> Option<Proposal<'a>> {
    let last = Day::SLOTS.checked_sub(length)?;
    let mut best: Option<Proposal<'a>> = None;
    for slot in 0..=last {
        let missing: Vec<&'a str> = people
            .iter()
            .filter(|(_, day)| !day.is_free(slot, length))
            .map(|&(name, _)| name)
            .collect();
        if best
            .as_ref()
            .map_or(true, |b| missing.len() < b.missing.len())
        {
            best = Some(Proposal { slot, missing });
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_can_come() {
        let base = Day::default().busy(0, 4);
        let people = [
            ("ole", base),
            ("ina", base.busy(6, 9)),
            ("tea", base.busy(20, 99)),
        ];
        let found = propose(&people, 3).unwrap();
        assert_eq!(
            found,
            Proposal {
                slot: 9,
                missing: vec![]
            }
        );
        assert_eq!(propose(&people, 2).unwrap().slot, 4);
    }

    #[test]
    fn fewest_people_missing() {
        let people = [
            ("ole", Day::default().busy(0, 12)),
            ("ina", Day::default().busy(12, 24)),
        ];
        let found = propose(&people, 4).unwrap();
        assert_eq!((found.slot, found.missing), (0, vec!["ole"]));
        assert_eq!(propose(&people, 25), None);
        assert_ne!(people[0].1, people[1].1);
    }
}
