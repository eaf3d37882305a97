/// Joins lines ending in a backslash with the lines after them.
pub struct Joined<I> {
    lines: I,
}

impl<S: AsRef<str>, I: Iterator<Item = S>> Iterator for Joined<I> {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        let mut whole = String::new();
        let mut any = false;
        for line in self.lines.by_ref() {
            any = true;
            match line.as_ref().strip_suffix('\\') {
                Some(start) => whole.push_str(start),
                None => {
                    whole.push_str(line.as_ref());
                    break;
                }
            }
        }
        any.then_some(whole)
    }
}

pub fn joined<S: AsRef<str>, I: IntoIterator<Item = S>>(lines: I) -> Joined<I::IntoIter> {
    Joined {
        lines: lines.into_iter(),
    }
}

fn main() {
    for line in joined(["make \\", "all", "done"]) {
        println!("{line}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins_str_lines() {
        let lines: Vec<_> = joined("a \\\nb\\\nc\n\nd".lines()).collect();
        assert_eq!(lines, ["a bc", "", "d"]);
    }

    #[test]
    fn joins_owned_lines() {
        let source = vec!["x\\".to_string(), "y\\".to_string()];
        let mut lines = joined(&source);
        assert_eq!(lines.next().as_deref(), Some("xy"));
        assert_eq!(lines.next(), None);
        assert_eq!(joined(Vec::<String>::new()).count(), 0);
    }
}
