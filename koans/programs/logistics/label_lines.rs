/// Formats an address for a label of fixed width; empty parts are skipped.
pub fn label(parts: &[&str], width: usize) -> Vec<String> {
    parts
        .iter()
        .map(|part| part.trim())
        .filter(|part| !part.is_empty())
        .map(|part| {
            let mut line: String = part.chars().take(width).collect();
            if line.len() < part.len() {
                line.pop();
                line.push('~');
            }
            line.to_uppercase()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_marked() {
        let lines = label(&["Ann Lee", "  ", " 12 Mill Lane ", "York"], 8);
        assert_eq!(lines, ["ANN LEE", "12 MILL~", "YORK"]);
    }

    #[test]
    fn exact_width_is_not_marked() {
        assert_eq!(label(&["Rye", "Ryes"], 3), ["RYE", "RY~"]);
        assert!(label(&[" ", ""], 9).is_empty());
    }
}
