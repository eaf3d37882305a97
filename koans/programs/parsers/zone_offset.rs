/// Minutes east of the prime meridian for `Z`, `+02:30`, `-0500` or `+9`.
pub fn offset_minutes(text: &str) -> Option<i16> {
    if text == "Z" {
        return Some(0);
    }
    let (sign, digits) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = match digits.split_once(':') {
        Some(pair) => pair,
        None if digits.len() == 4 => digits.split_at(2),
        None => (digits, "0"),
    };
    let hours = hours.parse::<u8>().ok().filter(|&h| h <= 14)?;
    let minutes = minutes.parse::<u8>().ok().filter(|m| *m < 60)?;
    Some(sign * (i16::from(hours) * 60 + i16::from(minutes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings() {
        assert_eq!(offset_minutes("Z"), Some(0));
        assert_eq!(offset_minutes("+02:30"), Some(150));
        assert_eq!(offset_minutes("-0500"), Some(-300));
        assert_eq!(offset_minutes("+9"), Some(540));
    }

    #[test]
    fn rejects() {
        for text in ["", "0200", "+15", "+02:60", "+x", "-"] {
            assert_eq!(offset_minutes(text), None, "{text}");
        }
    }
}
