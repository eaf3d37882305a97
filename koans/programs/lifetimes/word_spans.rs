#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

impl Span {
    pub fn of<'t>(&self, text: &'t str) -> &'t str {
        &text[self.start..self.end]
    }
}

pub struct Words<'t> {
    text: &'t str,
    pos: usize,
}

pub fn words(text: &str) -> Words<'_> {
    Words { text, pos: 0 }
}

impl<'t> Iterator for Words<'t> {
    type Item = Span;

    fn next(&mut self) -> Option<Span> {
        let tail = &self.text[self.pos..];
        let start = self.pos + tail.find(|c: char| !c.is_whitespace())?;
        let end = self.text[start..]
            .find(char::is_whitespace)
            .map_or(self.text.len(), |n| start + n);
        self.pos = end;
        Some(Span { start, end })
    }
}

pub fn longest<'t>(text: &'t str) -> Option<&'t str> {
    words(text)
        .max_by_key(|span| span.end - span.start)
        .map(|span| span.of(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_point_into_the_text() {
        let text = "  go  north now";
        let spans: Vec<Span> = words(text).collect();
        assert_eq!(spans[0], Span { start: 2, end: 4 });
        assert_eq!(spans[1].of(text), "north");
        assert_eq!(spans[2].end, text.len());
        assert_eq!(spans.len(), 3);
    }

    #[test]
    fn longest_word() {
        assert_eq!(longest("a bcd ef"), Some("bcd"));
        assert_eq!(longest(" \t "), None);
    }
}
