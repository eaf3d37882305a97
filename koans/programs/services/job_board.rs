use std::collections::BinaryHeap;

/// Higher priority first, then the one that waits longer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Ticket {
    priority: u8,
    age: std::cmp::Reverse<u64>,
    job: String,
}

#[derive(Default)]
pub struct JobBoard {
    heap: BinaryHeap<Ticket>,
    next: u64,
}

impl JobBoard {
    pub fn post(&mut self, priority: u8, job: &str) {
        let age = std::cmp::Reverse(self.next);
        self.next += 1;
        self.heap.push(Ticket {
            priority,
            age,
            job: job.to_owned(),
        });
    }

    pub fn take(&mut self) -> Option<String> {
        self.heap.pop().map(|t| t.job)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn priority_then_age() {
        let mut board = JobBoard::default();
        board.post(1, "mail");
        board.post(5, "backup");
        board.post(5, "audit");
        board.post(3, "report");
        let order: Vec<String> = std::iter::from_fn(|| board.take()).collect();
        assert_eq!(order, ["backup", "audit", "report", "mail"]);
    }

    #[test]
    fn empty_board() {
        assert_eq!(JobBoard::default().take(), None);
    }
}
