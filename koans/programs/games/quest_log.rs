use std::fmt;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Goal {
    Collect { what: String, need: u32, have: u32 },
    Reach(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happening<'a> {
    Found(&'a str, u32),
    Arrived(&'a str),
}

#[derive(Debug, Clone)]
pub struct Quest {
    title: String,
    goals: Vec<Goal>,
}

impl Quest {
    pub fn new(title: impl Into<String>, goals: Vec<Goal>) -> Self {
        Quest {
            title: title.into(),
            goals,
        }
    }

    /// Goals come in order: only the first one listens. True when the quest is finished.
    pub fn note(&mut self, event: &Happening) -> bool {
        let met = match (self.goals.first_mut(), event) {
            (Some(Goal::Collect { what, need, have }), Happening::Found(thing, n)) => {
                if what == thing {
                    *have += n;
                }
                have >= need
            }
            (Some(Goal::Reach(place)), Happening::Arrived(at)) => place == at,
            _ => false,
        };
        if met {
            self.goals.remove(0);
        }
        self.goals.is_empty()
    }
}

impl fmt::Display for Quest {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}: ", self.title)?;
        match self.goals.first() {
            Some(Goal::Collect { what, need, have }) => write!(f, "{have}/{need} {what}"),
            Some(Goal::Reach(place)) => write!(f, "go to {place}"),
            None => f.write_str("done"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quest() -> Quest {
        let shells = Goal::Collect {
            what: "shell".into(),
            need: 3,
            have: 0,
        };
        Quest::new("Beach", vec![shells, Goal::Reach("pier".into())])
    }

    #[test]
    fn goals_in_order() {
        let mut q = quest();
        assert!(!q.note(&Happening::Arrived("pier")));
        assert!(!q.note(&Happening::Found("shell", 2)));
        assert_eq!(q.to_string(), "Beach: 2/3 shell");
        assert!(!q.note(&Happening::Found("stone", 2)));
        assert_eq!(q.to_string(), "Beach: 2/3 shell");
        q.note(&Happening::Found("shell", 2));
        assert_eq!(q.to_string(), "Beach: go to pier");
    }

    #[test]
    fn finishing() {
        let mut q = Quest::new(String::from("Walk"), vec![Goal::Reach("mill".into())]);
        assert!(!q.note(&Happening::Arrived("barn")));
        assert!(q.note(&Happening::Arrived("mill")));
        assert_eq!(format!("{q}"), "Walk: done");
    }
}
