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

const CHECK_LETTERS: &[u8; 8] = b"ACFHKMRX";

/// Appends a check letter; each digit counts by its distance from the front.
pub fn with_check_letter(number: &str) -> Option<String> {
    let mut sum = 0;
    for (place, c) in (2usize..).zip(number.chars()) {
        sum += place * c.to_digit(10)? as usize;
    }
    let mut code = number.to_string();
    code.push(CHECK_LETTERS[sum % CHECK_LETTERS.len()] as char);
    Some(code)
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
    fn check_letters() {
        assert_eq!(with_check_letter("123").as_deref(), Some("123K"));
        assert_eq!(with_check_letter("1").as_deref(), Some("1F"));
        assert_eq!(with_check_letter("00").as_deref(), Some("00A"));
        assert_eq!(with_check_letter("12a"), None);
    }
}
