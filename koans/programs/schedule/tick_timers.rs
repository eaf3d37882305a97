use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Timers on a logical clock; equal deadlines fire in the order they were set.
#[derive(Default)]
pub struct Timers<T> {
    now: u64,
    serial: u64,
    heap: BinaryHeap<Reverse<(u64, u64, T)>>,
}

impl<T: Ord> Timers<T> {
    pub fn new() -> Self {
        Timers {
            now: 0,
            serial: 0,
            heap: BinaryHeap::new(),
        }
    }

    pub fn after(&mut self, ticks: u64, event: T) {
        self.heap
            .push(Reverse((self.now + ticks, self.serial, event)));
        self.serial += 1;
    }

    pub fn advance(&mut self, ticks: u64) -> Vec<T> {
        self.now += ticks;
        let mut fired = Vec::new();
        while let Some(Reverse((due, _, _))) = self.heap.peek() {
            if *due > self.now {
                break;
            }
            if let Some(Reverse((_, _, event))) = self.heap.pop() {
                fired.push(event);
            }
        }
        fired
    }

    pub fn next_due(&self) -> Option<u64> {
        self.heap.peek().map(|Reverse((due, ..))| *due - self.now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fires_in_order() {
        let mut timers = Timers::new();
        timers.after(5, "z");
        timers.after(3, "m");
        timers.after(5, "a");
        assert_eq!(timers.next_due(), Some(3));
        assert!(timers.advance(2).is_empty());
        assert_eq!(timers.advance(1), ["m"]);
        assert_eq!(timers.next_due(), Some(2));
        assert_eq!(timers.advance(10), ["z", "a"]);
        assert_eq!(timers.next_due(), None);
    }

    #[test]
    fn delays_count_from_now() {
        let mut timers: Timers<u8> = Timers::new();
        timers.advance(100);
        timers.after(0, 1);
        timers.after(1, 2);
        assert_eq!(timers.advance(0), vec![1]);
        assert_eq!(timers.advance(1), vec![2]);
    }
}
