use std::mem;

/// Collects text chunks and hands out whole lines.
#[derive(Debug, Default)]
pub struct LineBuffer {
    pending: String,
    ready: Vec<String>,
}

impl LineBuffer {
    pub fn feed(&mut self, chunk: &str) {
        for c in chunk.chars() {
            if c == '\n' {
                let line = mem::take(&mut self.pending);
                self.ready.push(line);
            } else {
                self.pending.push(c);
            }
        }
    }

    pub fn take_lines(&mut self) -> Vec<String> {
        mem::take(&mut self.ready)
    }

    pub fn finish(mut self) -> Vec<String> {
        if !self.pending.is_empty() {
            self.ready.push(self.pending);
        }
        self.ready
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_across_chunks() {
        let mut buffer = LineBuffer::default();
        buffer.feed("he");
        assert!(buffer.take_lines().is_empty());
        buffer.feed("llo\nwor");
        assert_eq!(buffer.take_lines(), vec!["hello"]);
        assert!(buffer.take_lines().is_empty());
        buffer.feed("ld");
        assert_eq!(buffer.finish(), vec!["world"]);
    }

    #[test]
    fn empty_lines_count() {
        let mut buffer = LineBuffer::default();
        buffer.feed("\n\n");
        assert_eq!(buffer.finish(), vec!["", ""]);
    }
}
