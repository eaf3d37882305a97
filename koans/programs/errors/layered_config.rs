use std::error::Error;
use std::fmt;
use std::num::ParseFloatError;

#[derive(Debug)]
pub enum LineError {
    NoEquals,
    Number(ParseFloatError),
}

#[derive(Debug)]
pub struct ConfigError {
    pub line: usize,
    cause: LineError,
}

impl fmt::Display for LineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoEquals => f.write_str("no '=' found"),
            Self::Number(_) => f.write_str("value is not a number"),
        }
    }
}

impl Error for LineError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::NoEquals => None,
            Self::Number(e) => Some(e),
        }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.line)
    }
}

impl Error for ConfigError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.cause)
    }
}

fn parse_line(line: &str) -> Result<(String, f64), LineError> {
    let (key, value) = line.split_once('=').ok_or(LineError::NoEquals)?;
    let value = value.trim().parse().map_err(LineError::Number)?;
    Ok((key.trim().to_string(), value))
}

pub fn parse(text: &str) -> Result<Vec<(String, f64)>, ConfigError> {
    text.lines()
        .enumerate()
        .map(|(i, line)| parse_line(line).map_err(|cause| ConfigError { line: i + 1, cause }))
        .collect()
}

/// The whole story, outermost first.
pub fn chain(err: &dyn Error) -> String {
    let mut text = err.to_string();
    let mut current = err.source();
    while let Some(inner) = current {
        text.push_str(" <- ");
        text.push_str(&inner.to_string());
        current = inner.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses() {
        let got = parse("gain = 1.5\nbias=-2").unwrap();
        assert_eq!(
            got,
            vec![("gain".to_string(), 1.5), ("bias".to_string(), -2.0)]
        );
    }

    #[test]
    fn error_chain() {
        let err = parse("a=1\nb=x").unwrap_err();
        assert_eq!(err.line, 2);
        assert_eq!(
            chain(&err),
            "line 2 <- value is not a number <- invalid float literal"
        );
        let err = parse("oops").unwrap_err();
        assert_eq!(chain(&err), "line 1 <- no '=' found");
    }
}
