//! Keeps the newest N lines of a log.

#[derive(Debug, Clone)]
pub struct RingLog {
    lines: Vec<String>,
    capacity: usize,
    next: usize,
    dropped: u64,
}

impl RingLog {
    pub fn with_capacity(capacity: usize) -> Self {
        assert!(capacity > 0, "a ring needs room for one line");
        RingLog {
            lines: Vec::with_capacity(capacity),
            capacity,
            next: 0,
            dropped: 0,
        }
    }

    pub fn push(&mut self, line: &str) {
        if self.lines.len() < self.capacity {
            self.lines.push(line.to_string());
        } else {
            self.lines[self.next] = line.to_owned();
            self.dropped += 1;
        }
        self.next = (self.next + 1) % self.capacity;
    }

    /// Lines from the oldest kept one to the newest.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        let split = if self.lines.len() < self.capacity {
            0
        } else {
            self.next
        };
        let (newer, older) = self.lines.split_at(split);
        older.iter().chain(newer).map(|line| line.as_str())
    }

    pub fn last(&self) -> Option<&String> {
        if self.lines.is_empty() {
            return None;
        }
        let at = (self.next + self.capacity - 1) % self.capacity;
        self.lines.get(at)
    }

    pub fn dropped(&self) -> u64 {
        self.dropped
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_order_before_wrap() {
        let mut log = RingLog::with_capacity(3);
        assert_eq!(log.last(), None);
        log.push("a");
        log.push("b");
        assert_eq!(log.iter().collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(log.last().map(String::as_str), Some("b"));
        assert_eq!(log.dropped(), 0);
    }

    #[test]
    fn drops_oldest_after_wrap() {
        let mut log = RingLog::with_capacity(3);
        for line in ["a", "b", "c", "d", "e"] {
            log.push(line);
        }
        assert_eq!(log.iter().collect::<Vec<_>>(), ["c", "d", "e"]);
        assert_eq!(log.last().map(String::as_str), Some("e"));
        assert_eq!(log.dropped(), 2);
    }

    #[test]
    fn copies_are_independent() {
        let mut log = RingLog::with_capacity(1);
        log.push("x");
        let copy = log.clone();
        log.push("y");
        assert_eq!(copy.last().unwrap(), "x");
        assert_eq!(log.last().unwrap(), "y");
    }
}
