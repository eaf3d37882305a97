use std::collections::HashMap;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    pub id: u32,
    pub parent: Option<u32>,
    pub name: String,
    pub start: u64,
    pub end: u64,
}

impl Span {
    pub fn took(&self) -> u64 {
        self.end.saturating_sub(self.start)
    }
}

/// Spans of one trace, found by parent.
pub struct SpanTree<'a> {
    children: HashMap<Option<u32>, Vec<&'a Span>>,
}

impl<'a> SpanTree<'a> {
    pub fn build(spans: &'a [Span]) -> Self {
        let mut children: HashMap<_, Vec<&Span>> = HashMap::new();
        for span in spans {
            children.entry(span.parent).or_default().push(span);
        }
        for list in children.values_mut() {
            list.sort_by_key(|s| s.start);
        }
        SpanTree { children }
    }

    fn under(&self, parent: Option<u32>) -> &[&'a Span] {
        self.children.get(&parent).map_or(&[], Vec::as_slice)
    }

    /// Time a span spent outside its children.
    pub fn own_time(&self, span: &Span) -> u64 {
        let inside: u64 = self.under(Some(span.id)).iter().map(|s| s.took()).sum();
        span.took().saturating_sub(inside)
    }

    pub fn outline(&self) -> Vec<String> {
        let mut lines = Vec::new();
        self.write(None, 0, &mut lines);
        lines
    }

    fn write(&self, parent: Option<u32>, depth: usize, lines: &mut Vec<String>) {
        for span in self.under(parent) {
            let pad = "  ".repeat(depth);
            lines.push(format!("{pad}{} {}ms", span.name, span.took()));
            self.write(Some(span.id), depth + 1, lines);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(id: u32, parent: Option<u32>, name: &str, start: u64, end: u64) -> Span {
        let name = name.to_string();
        Span {
            id,
            parent,
            name,
            start,
            end,
        }
    }

    fn trace() -> Vec<Span> {
        vec![
            span(3, Some(1), "render", 40, 55),
            span(1, None, "request", 0, 60),
            span(2, Some(1), "query", 5, 30),
            span(4, Some(2), "lock", 6, 10),
        ]
    }

    #[test]
    fn outline_is_indented() {
        let spans = trace();
        let lines = SpanTree::build(&spans).outline();
        let wanted = [
            "request 60ms",
            "  query 25ms",
            "    lock 4ms",
            "  render 15ms",
        ];
        assert_eq!(lines, wanted);
    }

    #[test]
    fn own_time_leaves_children_out() {
        let spans = trace();
        let tree = SpanTree::build(&spans);
        assert_eq!(tree.own_time(&spans[1]), 20);
        assert_eq!(tree.own_time(&spans[0]), 15);
        assert_eq!(span(9, None, "odd", 5, 2).took(), 0);
    }
}
