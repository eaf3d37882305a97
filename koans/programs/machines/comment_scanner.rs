#[derive(Clone, Copy, PartialEq)]
enum Mode {
    Code,
    Text,
    Escape,
    Slash,
    Comment,
}

/// Removes `// ...` comments but leaves those inside string literals.
pub fn without_comments(source: &str) -> String {
    let mut mode = Mode::Code;
    let mut out = String::new();
    for c in source.chars() {
        mode = match (mode, c) {
            (Mode::Code, '"') | (Mode::Slash, '"') => Mode::Text,
            (Mode::Code, '/') => Mode::Slash,
            (Mode::Slash, '/') => {
                out.pop();
                Mode::Comment
            }
            (Mode::Comment, '\n') | (Mode::Slash, _) => Mode::Code,
            (Mode::Text, '\\') => Mode::Escape,
            (Mode::Text, '"') => Mode::Code,
            (Mode::Escape, _) => Mode::Text,
            (same, _) => same,
        };
        if mode != Mode::Comment {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drops_comments() {
        assert_eq!(without_comments("a // b\nc"), "a \nc");
        assert_eq!(without_comments("a / b //"), "a / b ");
    }

    #[test]
    fn keeps_strings() {
        let source = "x = \"http://y\"; // z";
        assert_eq!(without_comments(source), "x = \"http://y\"; ");
        assert_eq!(without_comments(r#""\"//" //"#), r#""\"//" "#);
    }
}
