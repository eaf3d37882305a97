/// Options of a listing, set one after the other.
#[derive(Debug, Clone)]
pub struct Listing {
    first: u32,
    separator: String,
    highlight: Vec<u32>,
}

impl Listing {
    pub fn new() -> Self {
        Listing {
            first: 1,
            separator: " | ".to_string(),
            highlight: Vec::new(),
        }
    }

    pub fn starting_at(mut self, first: u32) -> Self {
        self.first = first;
        self
    }

    pub fn separator(mut self, separator: &str) -> Self {
        self.separator = separator.to_owned();
        self
    }

    pub fn highlight(mut self, line: u32) -> Self {
        self.highlight.push(line);
        self
    }

    pub fn lines<'s>(&'s self, source: &'s str) -> impl Iterator<Item = String> + 's {
        let last = self.first + source.lines().count() as u32;
        let width = last.saturating_sub(1).to_string().len();
        source.lines().zip(self.first..).map(move |(line, number)| {
            let mark = if self.highlight.contains(&number) {
                '>'
            } else {
                ' '
            };
            format!("{mark}{number:>width$}{}{line}", self.separator)
        })
    }
}

impl Default for Listing {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_from_one() {
        let listing = Listing::default();
        let lines: Vec<String> = listing.lines("a\nb").collect();
        assert_eq!(lines, [" 1 | a", " 2 | b"]);
    }

    #[test]
    fn widens_and_marks() {
        let base = Listing::new().starting_at(9).separator(": ");
        let marked = base.clone().highlight(10);
        assert_eq!(marked.lines("x\ny").last().unwrap(), ">10: y");
        assert_eq!(base.lines("x\ny").next().unwrap(), "  9: x");
    }
}
