use std::fmt::Debug;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span<T> {
    pub start: T,
    pub end: T,
}

impl<T: PartialOrd> Span<T> {
    /// Puts the two ends in order.
    pub fn between(a: T, b: T) -> Self {
        if a <= b {
            Span { start: a, end: b }
        } else {
            Span { start: b, end: a }
        }
    }

    pub fn covers(&self, value: &T) -> bool {
        *value >= self.start && *value < self.end
    }
}

impl<T: Ord + Copy> Span<T> {
    pub fn overlap(&self, other: &Span<T>) -> Option<Span<T>> {
        let start = self.start.max(other.start);
        let end = self.end.min(other.end);
        (start < end).then_some(Span { start, end })
    }
}

pub fn merge<T>(mut spans: Vec<Span<T>>) -> Vec<Span<T>>
where
    T: Ord + Copy + Debug,
{
    spans.sort_by_key(|s| s.start);
    let mut out: Vec<Span<T>> = Vec::new();
    for span in spans {
        match out.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => out.push(span),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_and_cover() {
        let s = Span::between(2.5, 1.0);
        assert_eq!(s.start, 1.0);
        assert!(s.covers(&1.0));
        assert!(!s.covers(&2.5));
    }

    #[test]
    fn overlaps() {
        let a = Span::between(0, 10);
        let b = Span::between(8, 20);
        assert_eq!(a.overlap(&b), Some(Span { start: 8, end: 10 }));
        assert_eq!(a.overlap(&Span::between(10, 12)), None);
    }

    #[test]
    fn merges_touching() {
        let spans = vec![
            Span::between('m', 'p'),
            Span::between('a', 'd'),
            Span::between('d', 'f'),
            Span::between('b', 'c'),
        ];
        let merged = merge(spans);
        assert_eq!(
            merged,
            vec![Span::between('a', 'f'), Span::between('m', 'p')]
        );
    }
}
