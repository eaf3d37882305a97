#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    Heading(u8, String),
    Text(String),
    List(Vec<Block>),
}

pub trait Visitor {
    fn heading(&mut self, _level: u8, _title: &str) {}
    fn text(&mut self, _body: &str) {}
    fn enter_list(&mut self) {}
    fn leave_list(&mut self) {}
}

pub fn walk(blocks: &[Block], visitor: &mut dyn Visitor) {
    for block in blocks {
        match block {
            Block::Heading(level, title) => visitor.heading(*level, title),
            Block::Text(body) => visitor.text(body),
            Block::List(items) => {
                visitor.enter_list();
                walk(items, visitor);
                visitor.leave_list();
            }
        }
    }
}

#[derive(Default)]
pub struct Depth {
    open: usize,
    pub max: usize,
}

impl Visitor for Depth {
    fn enter_list(&mut self) {
        self.open += 1;
        self.max = self.max.max(self.open);
    }

    fn leave_list(&mut self) {
        self.open -= 1;
    }
}

#[derive(Default)]
pub struct Outline {
    pub lines: Vec<String>,
    words: usize,
}

impl Visitor for Outline {
    fn heading(&mut self, level: u8, title: &str) {
        let indent = "-".repeat(level.into());
        self.lines.push(format!("{indent} {title}"));
    }

    fn text(&mut self, body: &str) {
        self.words += body.split(' ').count();
    }
}

pub fn outline(blocks: &[Block]) -> (Vec<String>, usize) {
    let mut outline = Outline::default();
    walk(blocks, &mut outline);
    (outline.lines, outline.words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> Vec<Block> {
        let inner = Block::List(vec![Block::Text("deep end".to_string())]);
        vec![
            Block::Heading(1, "Intro".to_string()),
            Block::Text("one two three".to_string()),
            Block::List(vec![inner.clone(), Block::Heading(2, "In".to_string())]),
            inner,
        ]
    }

    #[test]
    fn collects_outline() {
        let (lines, words) = outline(&page());
        assert_eq!(lines, vec!["- Intro", "-- In"]);
        assert_eq!(words, 7);
    }

    #[test]
    fn measures_depth() {
        let mut depth = Depth::default();
        walk(&page(), &mut depth);
        assert_eq!(depth.max, 2);
        assert_eq!(depth.open, 0);
    }
}
