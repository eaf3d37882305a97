use std::cell::RefCell;
use std::rc::Rc;

#[derive(Clone, Default)]
pub struct Scoreboard(Rc<RefCell<Vec<(String, u32)>>>);

impl Scoreboard {
    pub fn report(&self, player: &str, points: u32) {
        let mut rows = self.0.borrow_mut();
        match rows.iter_mut().find(|(name, _)| name == player) {
            Some(row) => row.1 += points,
            None => rows.push((player.to_string(), points)),
        }
    }

    pub fn leader(&self) -> Option<String> {
        let rows = self.0.borrow();
        let best = rows.iter().max_by_key(|row| row.1)?;
        Some(best.0.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_share_rows() {
        let board = Scoreboard::default();
        let remote = board.clone();
        board.report("gil", 5);
        remote.report("hal", 4);
        assert_eq!(remote.leader().as_deref(), Some("gil"));
        remote.report("hal", 2);
        assert_eq!(board.leader(), Some("hal".to_string()));
    }

    #[test]
    fn empty_board() {
        assert_eq!(Scoreboard::default().leader(), None);
    }
}
