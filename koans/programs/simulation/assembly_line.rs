use std::cell::RefCell;
use std::rc::Rc;

pub type Log = Rc<RefCell<Vec<String>>>;

pub trait Station {
    /// Ticks the station needs for one piece.
    fn pace(&self) -> u32;
    fn work(&mut self, piece: &mut Piece);
}

#[derive(Debug, Default, Clone, PartialEq)]
pub struct Piece {
    pub holes: u8,
    pub coat: Option<String>,
}

pub struct Drill {
    pub bits_left: u8,
    pub log: Log,
}

pub struct Paint {
    pub color: String,
    pub log: Log,
}

impl Station for Drill {
    fn pace(&self) -> u32 {
        3
    }

    fn work(&mut self, piece: &mut Piece) {
        if self.bits_left == 0 {
            self.log.borrow_mut().push("drill worn".to_string());
            return;
        }
        self.bits_left -= 1;
        piece.holes += 2;
    }
}

impl Station for Paint {
    fn pace(&self) -> u32 {
        5
    }

    fn work(&mut self, piece: &mut Piece) {
        if let Some(old) = piece.coat.replace(self.color.clone()) {
            let line = format!("{} over {}", self.color, old);
            self.log.borrow_mut().push(line);
        }
    }
}

/// Runs `count` pieces through; gives them and the time of a full line (slowest station rules).
pub fn produce(line: &mut [Box<dyn Station>], count: usize) -> (Vec<Piece>, u32) {
    let mut pieces = vec![Piece::default(); count];
    for piece in pieces.iter_mut() {
        for station in line.iter_mut() {
            station.work(piece);
        }
    }
    let first: u32 = line.iter().map(|s| s.pace()).sum();
    let slowest = line.iter().map(|s| s.pace()).max().unwrap_or(0);
    let rest = (count as u32).saturating_sub(1);
    (pieces, first + slowest * rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worn_drill_is_logged() {
        let log = Log::default();
        let mut line: Vec<Box<dyn Station>> = vec![
            Box::new(Drill {
                bits_left: 1,
                log: Rc::clone(&log),
            }),
            Box::new(Paint {
                color: "teal".into(),
                log: log.clone(),
            }),
        ];
        let (pieces, time) = produce(&mut line, 2);
        assert_eq!((pieces[0].holes, pieces[1].holes), (2, 0));
        assert_eq!(pieces[1].coat.as_deref(), Some("teal"));
        assert_eq!(time, 13);
        assert_eq!(*log.borrow(), ["drill worn"]);
    }

    #[test]
    fn second_coat_is_logged() {
        let log = Log::default();
        let paint = |color: &str| -> Box<dyn Station> {
            Box::new(Paint {
                color: color.to_string(),
                log: log.clone(),
            })
        };
        let mut line = vec![paint("red"), paint("black")];
        let (pieces, time) = produce(&mut line, 1);
        assert_eq!(pieces[0].coat.as_deref(), Some("black"));
        assert_eq!(time, 10);
        assert_eq!(*log.borrow(), ["black over red"]);
    }
}
