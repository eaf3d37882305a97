use std::collections::VecDeque;

#[derive(Debug, PartialEq, Eq)]
pub struct Full<T>(pub T);

pub struct Inbox<T, const CAP: usize> {
    queue: VecDeque<T>,
}

impl<T, const CAP: usize> Inbox<T, CAP> {
    pub fn new() -> Self {
        Inbox {
            queue: VecDeque::with_capacity(CAP),
        }
    }

    /// Gives the message back when there is no room.
    pub fn offer(&mut self, message: T) -> Result<usize, Full<T>> {
        if self.queue.len() == CAP {
            return Err(Full(message));
        }
        self.queue.push_back(message);
        Ok(CAP - self.queue.len())
    }

    pub fn drain_into<C: Extend<T>>(&mut self, sink: &mut C) {
        sink.extend(self.queue.drain(..));
    }
}

impl<T: PartialEq, const CAP: usize> Inbox<T, CAP> {
    pub fn cancel(&mut self, message: &T) -> bool {
        let before = self.queue.len();
        self.queue.retain(|m| m != message);
        self.queue.len() < before
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn refuses_when_full() {
        let mut inbox: Inbox<String, 2> = Inbox::new();
        assert_eq!(inbox.offer("a".into()), Ok(1));
        assert_eq!(inbox.offer("b".into()), Ok(0));
        assert_eq!(inbox.offer("c".into()), Err(Full("c".to_string())));
        let mut sink = vec!["z".to_string()];
        inbox.drain_into(&mut sink);
        assert_eq!(sink, ["z", "a", "b"]);
        assert_eq!(inbox.offer("d".into()), Ok(1));
    }

    #[test]
    fn cancels() {
        let mut inbox = Inbox::<u8, 5>::new();
        for n in [4, 1, 4] {
            inbox.offer(n).unwrap();
        }
        assert!(inbox.cancel(&4));
        assert!(!inbox.cancel(&4));
        let mut sink = BTreeSet::new();
        inbox.drain_into(&mut sink);
        assert_eq!(sink.into_iter().collect::<Vec<_>>(), vec![1]);
    }
}
