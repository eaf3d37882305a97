use std::num::ParseIntError;

#[derive(Debug, PartialEq, Eq)]
pub enum LevelError {
    Parse(ParseIntError),
    TooLoud(u8),
}

impl From<ParseIntError> for LevelError {
    fn from(e: ParseIntError) -> Self {
        LevelError::Parse(e)
    }
}

pub fn level(text: &str) -> Result<u8, LevelError> {
    let value = text.trim_end_matches('%').parse::<u8>()?;
    if value > 100 {
        return Err(LevelError::TooLoud(value));
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good() {
        assert_eq!(level("35%"), Ok(35));
        assert_eq!(level("100"), Ok(100));
    }

    #[test]
    fn bad() {
        assert_eq!(level("101%"), Err(LevelError::TooLoud(101)));
        assert!(matches!(level("300"), Err(LevelError::Parse(_))));
        assert!(matches!(level("%"), Err(LevelError::Parse(_))));
    }
}
