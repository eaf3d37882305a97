#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub struct Word<'t> {
    pub at: usize,
    pub text: &'t str,
}

pub struct Words<'t> {
    source: &'t str,
    at: usize,
}

pub fn words(source: &str) -> Words<'_> {
    Words { source, at: 0 }
}

impl<'t> Iterator for Words<'t> {
    type Item = Word<'t>;

    fn next(&mut self) -> Option<Word<'t>> {
        let at = self.at + self.source[self.at..].find(|c: char| c != ' ')?;
        let text = self.source[at..].split(' ').next()?;
        self.at = at + text.len();
        Some(Word { at, text })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_know_their_place() {
        let found: Vec<_> = words("  load  the file ").map(|w| (w.at, w.text)).collect();
        assert_eq!(found, [(2, "load"), (8, "the"), (12, "file")]);
        assert_eq!(words("   ").next(), None);
    }

    #[test]
    fn words_outlive_the_walker() {
        let source = String::from("a b");
        let last = { words(&source).last() };
        assert_eq!(last, Some(Word { at: 2, text: "b" }));
    }
}
