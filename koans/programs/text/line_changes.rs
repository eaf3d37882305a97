#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change<'a> {
    Same(&'a str),
    Added(&'a str),
    Removed(&'a str),
}

impl<'a> Change<'a> {
    pub fn mark(&self) -> char {
        match self {
            Change::Same(_) => ' ',
            Change::Added(_) => '+',
            Change::Removed(_) => '-',
        }
    }

    pub fn text(&self) -> &'a str {
        match *self {
            Change::Same(s) | Change::Added(s) | Change::Removed(s) => s,
        }
    }
}

/// Trims the common head and tail; what is left over is replaced as one block.
pub fn block_changes<'a>(old: &'a str, new: &'a str) -> Vec<Change<'a>> {
    let before: Vec<&str> = old.lines().collect();
    let after: Vec<&str> = new.lines().collect();
    let head = before
        .iter()
        .zip(&after)
        .take_while(|(a, b)| a == b)
        .count();
    let tail = before[head..]
        .iter()
        .rev()
        .zip(after[head..].iter().rev())
        .take_while(|(a, b)| a == b)
        .count();

    let mut changes: Vec<Change> = before[..head].iter().map(|&s| Change::Same(s)).collect();
    let gone = &before[head..before.len() - tail];
    let fresh = &after[head..after.len() - tail];
    changes.extend(gone.iter().copied().map(Change::Removed));
    changes.extend(fresh.iter().copied().map(Change::Added));
    changes.extend(
        before[before.len() - tail..]
            .iter()
            .map(|s| Change::Same(s)),
    );
    changes
}

pub fn render(changes: &[Change<'_>]) -> String {
    changes
        .iter()
        .map(|c| format!("{}{}\n", c.mark(), c.text()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_replaced() {
        let changes = block_changes("a\nb\nc", "a\nx\ny\nc");
        assert_eq!(
            changes,
            [
                Change::Same("a"),
                Change::Removed("b"),
                Change::Added("x"),
                Change::Added("y"),
                Change::Same("c"),
            ]
        );
        assert_eq!(render(&changes), " a\n-b\n+x\n+y\n c\n");
    }

    #[test]
    fn text_outlives_change() {
        let old = String::from("k");
        let text = {
            let changes = block_changes(&old, "");
            changes[0].text()
        };
        assert_eq!(text, "k");
    }

    #[test]
    fn repeated_lines_do_not_overlap() {
        assert_eq!(render(&block_changes("a\na", "a\na\na")), " a\n a\n+a\n");
    }
}
