fn indent_of(line: &str) -> Option<usize> {
    if line.trim().is_empty() {
        None
    } else {
        Some(line.len() - line.trim_start_matches(' ').len())
    }
}

/// Removes the indentation that all non-blank lines share.
pub fn dedent(block: &str) -> String {
    let margin = block.lines().filter_map(indent_of).min().unwrap_or(0);
    block
        .lines()
        .map(|line| line.get(margin..).unwrap_or("").trim_end())
        .collect::<Vec<_>>()
        .join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dedents_by_the_smallest_margin() {
        assert_eq!(dedent("    if x:\n\n      y\n    z  "), "if x:\n\n  y\nz");
        assert_eq!(dedent("a\n  b"), "a\n  b");
        assert_eq!(dedent("  \n "), "\n");
    }

    #[test]
    fn leaves_flat_text() {
        let code = "fn\n  body\nend";
        assert_eq!(dedent(code), code);
        assert_eq!(dedent(""), "");
    }
}
