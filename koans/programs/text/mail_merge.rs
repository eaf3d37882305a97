use std::collections::HashMap;
use std::fmt::{self, Display};

#[derive(Debug, PartialEq, Eq)]
pub enum MergeError {
    Unclosed { at: usize },
    Unknown(String),
}

impl Display for MergeError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            MergeError::Unclosed { at } => write!(f, "placeholder opened at {at} is never closed"),
            MergeError::Unknown(name) => write!(f, "no value for `{name}`"),
        }
    }
}

enum Piece<'t> {
    Plain(&'t str),
    Slot {
        name: &'t str,
        fallback: Option<&'t str>,
    },
}

/// A letter such as `Dear [[name|customer]], ...`, split once and filled many times.
pub struct Letter<'t> {
    pieces: Vec<Piece<'t>>,
}

impl<'t> Letter<'t> {
    pub fn parse(source: &'t str) -> Result<Self, MergeError> {
        let mut pieces = vec![];
        let mut offset = 0;
        while let Some(open) = source[offset..].find("[[") {
            let start = offset + open;
            pieces.push(Piece::Plain(&source[offset..start]));
            let body = &source[start + 2..];
            let end = body.find("]]").ok_or(MergeError::Unclosed { at: start })?;
            let inner = body[..end].trim();
            let (name, fallback) = match inner.split_once('|') {
                Some((name, text)) => (name, Some(text)),
                None => (inner, None),
            };
            pieces.push(Piece::Slot { name, fallback });
            offset = start + 2 + end + 2;
        }
        pieces.push(Piece::Plain(&source[offset..]));
        Ok(Letter { pieces })
    }

    pub fn fill(&self, fields: &HashMap<String, String>) -> Result<String, MergeError> {
        let mut out = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Plain(text) => out.push_str(text),
                Piece::Slot { name, fallback } => {
                    let value = fields.get(*name).map(String::as_str).or(*fallback);
                    out += value.ok_or_else(|| MergeError::Unknown(name.to_string()))?;
                }
            }
        }
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(name: &str) -> HashMap<String, String> {
        HashMap::from([("name".to_string(), name.to_string())])
    }

    #[test]
    fn fills_many_times() {
        let letter = Letter::parse("Hi [[ name ]], [[sum|nothing]] due").unwrap();
        assert_eq!(letter.fill(&fields("Ida")).unwrap(), "Hi Ida, nothing due");
        assert_eq!(letter.fill(&fields("Bo")).unwrap(), "Hi Bo, nothing due");
    }

    #[test]
    fn reports_gaps() {
        let letter = Letter::parse("[[city]]").unwrap();
        let error = letter.fill(&fields("Ida")).unwrap_err();
        assert_eq!(error, MergeError::Unknown("city".into()));
        assert_eq!(error.to_string(), "no value for `city`");
    }

    #[test]
    fn reports_open_slot() {
        let error = Letter::parse("ab [[x").err().unwrap();
        assert_eq!(error.to_string(), "placeholder opened at 3 is never closed");
    }
}
