use std::collections::VecDeque;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    Urgent,
    Normal,
    Idle,
}

const LANES: [Lane; 3] = [Lane::Urgent, Lane::Normal, Lane::Idle];

pub struct PriorityLanes<T> {
    lanes: [VecDeque<T>; 3],
}

impl<T> PriorityLanes<T> {
    pub fn new() -> Self {
        PriorityLanes {
            lanes: [VecDeque::new(), VecDeque::new(), VecDeque::new()],
        }
    }

    pub fn push(&mut self, lane: Lane, job: T) {
        self.lanes[lane as usize].push_back(job);
    }

    pub fn pop(&mut self) -> Option<(Lane, T)> {
        for lane in LANES {
            if let Some(job) = self.lanes[lane as usize].pop_front() {
                return Some((lane, job));
            }
        }
        None
    }

    /// Moves everything waiting in `from` behind the jobs of the lane above.
    pub fn promote(&mut self, from: Lane) -> usize {
        if from == Lane::Urgent {
            return 0;
        }
        let at = from as usize;
        let (upper, lower) = self.lanes.split_at_mut(at);
        let moved = lower[0].len();
        upper[at - 1].append(&mut lower[0]);
        moved
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urgent_first_then_arrival() {
        let mut lanes = PriorityLanes::new();
        lanes.push(Lane::Idle, "sweep");
        lanes.push(Lane::Normal, "send");
        lanes.push(Lane::Urgent, "stop");
        lanes.push(Lane::Normal, "print");
        let mut order = Vec::new();
        while let Some((lane, job)) = lanes.pop() {
            order.push((lane, job));
        }
        assert_eq!(order[0], (Lane::Urgent, "stop"));
        assert_eq!(order[1], (Lane::Normal, "send"));
        assert_eq!(order[2], (Lane::Normal, "print"));
        assert_eq!(order[3], (Lane::Idle, "sweep"));
        assert_eq!(order.len(), 4);
    }

    #[test]
    fn promotion_appends() {
        let mut lanes = PriorityLanes::new();
        lanes.push(Lane::Idle, 1);
        lanes.push(Lane::Idle, 2);
        lanes.push(Lane::Normal, 3);
        assert_eq!(lanes.promote(Lane::Urgent), 0);
        assert_eq!(lanes.promote(Lane::Idle), 2);
        assert_eq!(lanes.pop(), Some((Lane::Normal, 3)));
        assert_eq!(lanes.pop(), Some((Lane::Normal, 1)));
        assert!(Lane::Urgent < Lane::Idle);
    }
}
