use std::fmt;
use std::num::ParseIntError;

#[derive(Debug, PartialEq)]
pub enum ColorError {
    MissingHash,
    Length(usize),
    Digits(ParseIntError),
}

impl fmt::Display for ColorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ColorError::MissingHash => write!(f, "color must start with #"),
            ColorError::Length(n) => write!(f, "expected 6 digits, got {n}"),
            ColorError::Digits(e) => write!(f, "bad digits: {e}"),
        }
    }
}

impl std::error::Error for ColorError {}

impl From<ParseIntError> for ColorError {
    fn from(err: ParseIntError) -> Self {
        ColorError::Digits(err)
    }
}

pub fn parse_color(text: &str) -> Result<(u8, u8, u8), ColorError> {
    let digits = text.strip_prefix('#').ok_or(ColorError::MissingHash)?;
    if digits.len() != 6 {
        return Err(ColorError::Length(digits.len()));
    }
    let value = u32::from_str_radix(digits, 16)?;
    Ok(((value >> 16) as u8, (value >> 8) as u8, value as u8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_colors() {
        assert_eq!(parse_color("#ff8001"), Ok((255, 128, 1)));
    }

    #[test]
    fn bad_colors() {
        assert_eq!(parse_color("123456"), Err(ColorError::MissingHash));
        assert_eq!(parse_color("#12"), Err(ColorError::Length(2)));
        let err = parse_color("#12345z").unwrap_err();
        assert!(matches!(err, ColorError::Digits(_)));
        assert_eq!(err.to_string(), "bad digits: invalid digit found in string");
        assert_eq!(
            ColorError::Length(2).to_string(),
            "expected 6 digits, got 2"
        );
    }
}
