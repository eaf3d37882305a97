use std::iter::Peekable;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub tick: u64,
    pub text: String,
}

/// Joins two logs that are each in order of time.
pub struct MergeLogs<A: Iterator<Item = Entry>, B: Iterator<Item = Entry>> {
    left: Peekable<A>,
    right: Peekable<B>,
}

pub fn merge_logs<A, B>(left: A, right: B) -> MergeLogs<A::IntoIter, B::IntoIter>
where
    A: IntoIterator<Item = Entry>,
    B: IntoIterator<Item = Entry>,
{
    MergeLogs {
        left: left.into_iter().peekable(),
        right: right.into_iter().peekable(),
    }
}

impl<A, B> Iterator for MergeLogs<A, B>
where
    A: Iterator<Item = Entry>,
    B: Iterator<Item = Entry>,
{
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        match (self.left.peek(), self.right.peek()) {
            (Some(l), Some(r)) if r.tick < l.tick => self.right.next(),
            (Some(_), _) => self.left.next(),
            (None, _) => self.right.next(),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let (a, b) = (self.left.size_hint(), self.right.size_hint());
        let upper = a.1.zip(b.1).map(|(x, y)| x + y);
        (a.0 + b.0, upper)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(rows: &[(u64, &str)]) -> Vec<Entry> {
        rows.iter()
            .map(|&(tick, text)| Entry {
                tick,
                text: text.to_string(),
            })
            .collect()
    }

    #[test]
    fn merges_by_time() {
        let a = log(&[(1, "a"), (4, "b"), (9, "c")]);
        let b = log(&[(2, "x"), (4, "y")]);
        let merged = merge_logs(a.clone(), b);
        assert_eq!(merged.size_hint(), (5, Some(5)));
        let texts: String = merged.map(|entry| entry.text).collect();
        assert_eq!(texts, "axbyc");
        assert_eq!(merge_logs(vec![], a.clone()).collect::<Vec<_>>(), a);
    }

    #[test]
    fn lazy_sources() {
        let ticks = (0..).step_by(10).map(|tick| Entry {
            tick,
            text: "tick".to_string(),
        });
        let merged = merge_logs(log(&[(15, "bell")]), ticks);
        let first: Vec<u64> = merged.take(4).map(|entry| entry.tick).collect();
        assert_eq!(first, [0, 10, 15, 20]);
    }
}
