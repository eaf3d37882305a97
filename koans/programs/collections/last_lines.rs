use std::collections::VecDeque;

#[derive(Debug, Clone)]
pub struct LastLines {
    room: usize,
    lines: VecDeque<String>,
}

impl LastLines {
    pub fn keeping(room: usize) -> Self {
        let lines = VecDeque::new();
        LastLines { room, lines }
    }

    pub fn push(&mut self, line: &str) {
        self.lines.push_back(line.to_string());
        let extra = self.lines.len().saturating_sub(self.room);
        self.lines.drain(..extra);
    }

    pub fn text(&self) -> String {
        self.lines.iter().cloned().collect::<Vec<_>>().join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_newest() {
        let mut lines = LastLines::keeping(2);
        assert_eq!(lines.text(), "");
        for line in ["one", "two", "three"] {
            lines.push(line);
        }
        assert_eq!(lines.text(), "two\nthree");
    }

    #[test]
    fn copies_and_no_room() {
        let mut lines = LastLines::keeping(1);
        lines.push("a");
        let copy = lines.clone();
        lines.push("b");
        assert_eq!((copy.text(), lines.text()), ("a".into(), "b".into()));
        let mut none = LastLines::keeping(0);
        none.push("x");
        assert_eq!(none.text(), "");
    }
}
