#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change<'o, 'n> {
    Same(&'n str),
    Removed(&'o str),
    Added(&'n str),
}

/// Compares line by line, position for position. Good enough for generated lists.
pub fn compare<'o, 'n>(old: &'o str, new: &'n str) -> Vec<Change<'o, 'n>> {
    let mut changes = Vec::new();
    let (mut left, mut right) = (old.lines(), new.lines());
    loop {
        match (left.next(), right.next()) {
            (Some(a), Some(b)) if a == b => changes.push(Change::Same(b)),
            (None, None) => break,
            (a, b) => {
                changes.extend(a.map(Change::Removed));
                changes.extend(b.map(Change::Added));
            }
        }
    }
    changes
}

pub fn added<'n>(changes: &[Change<'_, 'n>]) -> Vec<&'n str> {
    changes
        .iter()
        .filter_map(|change| match change {
            Change::Added(line) => Some(*line),
            _ => None,
        })
        .collect()
}

pub fn render(changes: &[Change]) -> String {
    let mut out = String::new();
    for change in changes {
        let (mark, line) = match *change {
            Change::Same(line) => (' ', line),
            Change::Removed(line) => ('-', line),
            Change::Added(line) => ('+', line),
        };
        out.push(mark);
        out.push_str(line);
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_lines() {
        let changes = compare("a\nb\nc", "a\nx\nc\nd");
        assert_eq!(render(&changes), " a\n-b\n+x\n c\n+d\n");
        assert_eq!(compare("", ""), vec![]);
        assert_eq!(compare("z", ""), vec![Change::Removed("z")]);
    }

    #[test]
    fn added_lines_borrow_from_new() {
        let new = String::from("k\nm");
        let lines = {
            let old = String::from("k\nl");
            added(&compare(&old, &new))
        };
        assert_eq!(lines, ["m"]);
    }
}
