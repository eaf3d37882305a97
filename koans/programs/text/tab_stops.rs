pub const DEFAULT_STOP: usize = 4;

pub fn expand(line: &str, stop: usize) -> String {
    let mut out = String::with_capacity(line.len());
    let mut column = 0;
    for ch in line.chars() {
        if ch == '\t' {
            let fill = stop - column % stop;
            out.extend(std::iter::repeat(' ').take(fill));
            column += fill;
        } else {
            out.push(ch);
            column += 1;
        }
    }
    out
}

/// Turns leading spaces back into tabs and leaves the rest of the line alone.
pub fn unexpand(line: &str, stop: usize) -> String {
    let body = line.trim_start_matches(' ');
    let spaces = line.len() - body.len();
    let (tabs, left) = (spaces / stop, spaces % stop);
    format!("{}{}{}", "\t".repeat(tabs), " ".repeat(left), body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expands_to_the_next_stop() {
        assert_eq!(expand("a\tb\tc", DEFAULT_STOP), "a   b   c");
        assert_eq!(expand("abcd\te", 4), "abcd    e");
        assert_eq!(expand("ab\te", 8), "ab      e");
    }

    #[test]
    fn unexpands_leading_spaces() {
        assert_eq!(unexpand("      x  y", 4), "\t  x  y");
        assert_eq!(unexpand("x", 4), "x");
    }
}
