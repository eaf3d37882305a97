/// Entries written while the older ones are being handled.
#[derive(Default)]
pub struct DoubleList<T> {
    writing: Vec<T>,
    handled: usize,
}

impl<T> DoubleList<T> {
    pub fn write(&mut self, entry: T) {
        self.writing.push(entry);
    }

    pub fn handle(&mut self, mut action: impl FnMut(T, &mut Vec<T>)) -> usize {
        let ready = std::mem::take(&mut self.writing);
        self.handled += ready.len();
        for entry in ready {
            action(entry, &mut self.writing);
        }
        self.handled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follow_ups_wait_for_the_next_round() {
        let mut list = DoubleList::default();
        list.write("first".to_string());
        list.write("second".to_string());
        let mut seen = Vec::new();
        let total = list.handle(|entry, later| {
            if entry == "first" {
                later.push("third".to_string());
            }
            seen.push(entry);
        });
        assert_eq!(total, 2);
        assert_eq!(seen, ["first", "second"]);
        assert_eq!(list.handle(|entry, _| assert_eq!(entry, "third")), 3);
    }

    #[test]
    fn nothing_to_handle() {
        let mut list: DoubleList<u8> = DoubleList::default();
        assert_eq!(list.handle(|_, _| panic!("no entries")), 0);
    }
}
