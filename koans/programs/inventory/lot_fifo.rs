use std::collections::VecDeque;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lot {
    pub code: String,
    pub expires: u32,
    pub left: u32,
}

#[derive(Debug, Default)]
pub struct LotQueue {
    lots: VecDeque<Lot>,
}

impl LotQueue {
    pub fn store(&mut self, code: impl Into<String>, expires: u32, count: u32) {
        let lot = Lot {
            code: code.into(),
            expires,
            left: count,
        };
        let at = self.lots.partition_point(|l| l.expires <= lot.expires);
        self.lots.insert(at, lot);
    }

    /// Throws away what is past its day and returns the codes for the protocol.
    pub fn discard_expired(&mut self, today: u32) -> Vec<String> {
        let mut gone = Vec::new();
        while let Some(lot) = self.lots.pop_front() {
            if lot.expires >= today {
                self.lots.push_front(lot);
                break;
            }
            gone.push(lot.code);
        }
        gone
    }

    /// Takes `count` pieces, oldest lots first. Nothing is taken if there are too few.
    pub fn take(&mut self, mut count: u32) -> Option<Vec<(String, u32)>> {
        if self.lots.iter().map(|l| l.left).sum::<u32>() < count {
            return None;
        }
        let mut taken = vec![];
        for lot in self.lots.iter_mut() {
            let part = lot.left.min(count);
            if part > 0 {
                lot.left -= part;
                count -= part;
                taken.push((lot.code.clone(), part));
            }
        }
        self.lots.retain(|lot| lot.left > 0);
        Some(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled() -> LotQueue {
        let mut queue = LotQueue::default();
        queue.store("L2", 20, 5);
        queue.store(String::from("L1"), 10, 3);
        queue.store("L3", 20, 4);
        queue
    }

    #[test]
    fn oldest_first() {
        let mut queue = filled();
        assert_eq!(
            queue.take(6),
            Some(vec![("L1".to_string(), 3), ("L2".to_string(), 3)])
        );
        assert_eq!(queue.take(7), None);
        assert_eq!(queue.take(6).unwrap().len(), 2);
        assert_eq!(queue.take(0), Some(vec![]));
    }

    #[test]
    fn expired_lots_leave() {
        let mut queue = filled();
        assert_eq!(queue.discard_expired(10), Vec::<String>::new());
        assert_eq!(queue.discard_expired(11), vec!["L1"]);
        assert_eq!(queue.take(10), None);
        assert_eq!(queue.discard_expired(21), vec!["L2", "L3"]);
        assert_eq!(queue.discard_expired(99).len(), 0);
    }
}
