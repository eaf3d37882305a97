#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fighter {
    pub name: String,
    pub speed: u8,
    pub alive: bool,
}

pub struct TurnOrder {
    fighters: Vec<Fighter>,
    at: usize,
    round: u32,
}

impl TurnOrder {
    pub fn new(mut fighters: Vec<Fighter>) -> Self {
        fighters.sort_by(|a, b| b.speed.cmp(&a.speed).then_with(|| a.name.cmp(&b.name)));
        TurnOrder {
            fighters,
            at: 0,
            round: 1,
        }
    }

    /// Next living fighter, with the round it acts in.
    pub fn next_turn(&mut self) -> Option<(u32, &Fighter)> {
        if !self.fighters.iter().any(|f| f.alive) {
            return None;
        }
        loop {
            if self.at == self.fighters.len() {
                self.at = 0;
                self.round += 1;
            }
            let i = self.at;
            self.at += 1;
            if self.fighters[i].alive {
                return Some((self.round, &self.fighters[i]));
            }
        }
    }

    pub fn fell(&mut self, name: &str) {
        if let Some(f) = self.fighters.iter_mut().find(|f| f.name == name) {
            f.alive = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(list: &[(&str, u8)]) -> TurnOrder {
        let make = |&(name, speed): &(&str, u8)| Fighter {
            name: name.to_string(),
            speed,
            alive: true,
        };
        TurnOrder::new(list.iter().map(make).collect())
    }

    fn step(o: &mut TurnOrder) -> Option<(u32, String)> {
        o.next_turn().map(|(r, f)| (r, f.name.clone()))
    }

    #[test]
    fn fastest_first_then_name() {
        let mut o = order(&[("imp", 3), ("owl", 7), ("elf", 7)]);
        assert_eq!(step(&mut o), Some((1, "elf".into())));
        assert_eq!(step(&mut o), Some((1, "owl".into())));
        assert_eq!(step(&mut o), Some((1, "imp".into())));
        assert_eq!(step(&mut o), Some((2, "elf".into())));
    }

    #[test]
    fn fallen_are_skipped() {
        let mut o = order(&[("imp", 3), ("owl", 7)]);
        o.fell("owl");
        assert_eq!(step(&mut o), Some((1, "imp".into())));
        assert_eq!(step(&mut o), Some((2, "imp".into())));
        o.fell("imp");
        o.fell("nobody");
        assert_eq!(step(&mut o), None);
    }
}
