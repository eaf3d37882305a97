#[derive(Debug)]
pub struct Baton {
    label: String,
    stamps: Vec<String>,
}

pub struct Runner {
    name: String,
    baton: Option<Baton>,
}

impl Runner {
    pub fn new(name: &str) -> Runner {
        Runner {
            name: name.to_string(),
            baton: None,
        }
    }

    pub fn receive(&mut self, mut baton: Baton) -> Option<Baton> {
        baton.stamps.push(self.name.clone());
        self.baton.replace(baton)
    }

    pub fn pass_to(&mut self, next: &mut Runner) -> bool {
        match self.baton.take() {
            Some(baton) => next.receive(baton).is_none(),
            None => false,
        }
    }
}

/// Runs the baton through the team and gives the stamps back.
pub fn race(team: &mut [Runner], label: &str) -> Option<String> {
    let baton = Baton {
        label: label.to_string(),
        stamps: vec![],
    };
    team.first_mut()?.receive(baton);
    for i in 1..team.len() {
        let (front, back) = team.split_at_mut(i);
        if !front[i - 1].pass_to(&mut back[0]) {
            return None;
        }
    }
    let Baton { label, stamps } = team.last_mut()?.baton.take()?;
    Some(format!("{label}: {}", stamps.join(">")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_race() {
        let mut team: Vec<Runner> = ["a", "b", "c"].map(Runner::new).into();
        assert_eq!(race(&mut team, "gold").as_deref(), Some("gold: a>b>c"));
        assert_eq!(race(&mut team, "red").unwrap(), "red: a>b>c");
        assert_eq!(race(&mut [], "none"), None);
    }

    #[test]
    fn nothing_to_pass() {
        let (mut x, mut y) = (Runner::new("x"), Runner::new("y"));
        assert!(!x.pass_to(&mut y));
        let extra = Baton {
            label: "old".into(),
            stamps: vec![],
        };
        assert!(y.receive(extra).is_none());
    }
}
