use std::collections::{HashSet, VecDeque};

/// Suppresses events whose id was among the last `memory` ids.
#[derive(Default)]
pub struct EventDedup {
    memory: usize,
    order: VecDeque<u64>,
    seen: HashSet<u64>,
}

impl EventDedup {
    pub fn new(memory: usize) -> Self {
        EventDedup {
            memory,
            ..Self::default()
        }
    }

    pub fn is_new(&mut self, id: u64) -> bool {
        if !self.seen.insert(id) {
            return false;
        }
        self.order.push_back(id);
        if self.order.len() > self.memory {
            let oldest = self.order.pop_front();
            self.seen.retain(|&held| Some(held) != oldest);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_are_dropped() {
        let mut dedup = EventDedup::new(2);
        let ids = [7, 7, 8, 7, 9, 7, 9];
        let fresh: Vec<u64> = ids.into_iter().filter(|&id| dedup.is_new(id)).collect();
        assert_eq!(fresh, [7, 8, 9, 7]);
    }

    #[test]
    fn zero_memory_passes_all() {
        let mut dedup = EventDedup::new(0);
        assert!(dedup.is_new(1));
        assert!(dedup.is_new(1));
    }
}
