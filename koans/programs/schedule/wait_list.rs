use std::collections::{HashSet, VecDeque};

#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub enum Place {
    Seat(usize),
    Waiting(usize),
    AlreadyIn,
}

pub struct Course {
    capacity: usize,
    members: HashSet<String>,
    waiting: VecDeque<String>,
}

impl Course {
    pub fn with_capacity(capacity: usize) -> Self {
        Course {
            capacity,
            members: HashSet::new(),
            waiting: VecDeque::new(),
        }
    }

    pub fn join(&mut self, who: &str) -> Place {
        if self.members.contains(who) || self.waiting.iter().any(|w| w == who) {
            return Place::AlreadyIn;
        }
        if self.members.len() < self.capacity {
            self.members.insert(who.to_owned());
            Place::Seat(self.members.len())
        } else {
            self.waiting.push_back(who.to_owned());
            Place::Waiting(self.waiting.len())
        }
    }

    /// Returns who moves up to the seat that became free, if anybody does.
    pub fn leave(&mut self, who: &str) -> Option<String> {
        if !self.members.remove(who) {
            self.waiting.retain(|w| w != who);
            return None;
        }
        let next = self.waiting.pop_front()?;
        self.members.insert(next.clone());
        Some(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fills_then_waits() {
        let mut course = Course::with_capacity(2);
        assert_eq!(course.join("al"), Place::Seat(1));
        assert_eq!(course.join("bo"), Place::Seat(2));
        assert_eq!(course.join("cy"), Place::Waiting(1));
        assert_eq!(course.join("di"), Place::Waiting(2));
        assert_eq!(course.join("cy"), Place::AlreadyIn);
        assert_eq!(course.join("al"), Place::AlreadyIn);
    }

    #[test]
    fn moves_up() {
        let mut course = Course::with_capacity(1);
        for who in ["al", "bo", "cy"] {
            course.join(who);
        }
        assert_eq!(course.leave("bo"), None);
        assert_eq!(course.leave("al"), Some("cy".to_string()));
        assert_eq!(course.leave("cy"), None);
        assert_eq!(course.join("al"), Place::Seat(1));
    }
}
