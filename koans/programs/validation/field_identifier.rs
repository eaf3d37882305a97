use std::fmt;

/// A name that is safe to use as a column of a table.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Ident(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdentError {
    Empty,
    Reserved,
    BadChar(usize, char),
}

const RESERVED: &[&str] = &["select", "from", "where", "order"];

impl TryFrom<String> for Ident {
    type Error = IdentError;

    fn try_from(text: String) -> Result<Self, IdentError> {
        let first = text.chars().next().ok_or(IdentError::Empty)?;
        if !first.is_ascii_alphabetic() {
            return Err(IdentError::BadChar(0, first));
        }
        let bad = text
            .char_indices()
            .find(|&(_, c)| !(c.is_ascii_alphanumeric() || c == '_'));
        if let Some((at, c)) = bad {
            return Err(IdentError::BadChar(at, c));
        }
        if RESERVED.contains(&text.to_ascii_lowercase().as_str()) {
            return Err(IdentError::Reserved);
        }
        Ok(Ident(text))
    }
}

impl AsRef<str> for Ident {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Ident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}]", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ident(text: &str) -> Result<Ident, IdentError> {
        Ident::try_from(text.to_string())
    }

    #[test]
    fn accepts_names() {
        let id = ident("row_2").unwrap();
        assert_eq!(id.as_ref(), "row_2");
        assert_eq!(id.to_string(), "[row_2]");
        assert_eq!(id.clone(), id);
    }

    #[test]
    fn rejects_others() {
        assert_eq!(ident(""), Err(IdentError::Empty));
        assert_eq!(ident("2a"), Err(IdentError::BadChar(0, '2')));
        assert_eq!(ident("a-b"), Err(IdentError::BadChar(1, '-')));
        assert_eq!(ident("Select"), Err(IdentError::Reserved));
    }
}
