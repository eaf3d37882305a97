use std::iter::Peekable;
use std::str::Chars;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldError {
    OpenQuote { column: usize },
    TextAfterQuote(char),
}

/// Splits one line into fields; a quoted field may hold the delimiter and doubled quotes.
pub fn split_fields(line: &str, delimiter: char) -> Result<Vec<String>, FieldError> {
    let mut chars = line.chars().peekable();
    let mut fields = Vec::new();
    loop {
        let field = if chars.next_if_eq(&'"').is_some() {
            quoted(&mut chars, fields.len() + 1)?
        } else {
            bare(&mut chars, delimiter)
        };
        fields.push(field);
        match chars.next() {
            None => return Ok(fields),
            Some(c) if c == delimiter => continue,
            Some(c) => return Err(FieldError::TextAfterQuote(c)),
        }
    }
}

fn quoted(chars: &mut Peekable<Chars<'_>>, column: usize) -> Result<String, FieldError> {
    let mut field = String::new();
    while let Some(c) = chars.next() {
        if c == '"' && chars.next_if_eq(&'"').is_none() {
            return Ok(field);
        }
        field.push(c);
    }
    Err(FieldError::OpenQuote { column })
}

fn bare(chars: &mut Peekable<Chars<'_>>, delimiter: char) -> String {
    let mut field = String::new();
    while let Some(c) = chars.next_if(|&c| c != delimiter) {
        field.push(c);
    }
    field
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_plain_fields() {
        assert_eq!(split_fields("a;b,c;;", ';').unwrap(), ["a", "b,c", "", ""]);
        assert_eq!(split_fields("", ',').unwrap(), [""]);
    }

    #[test]
    fn honours_quotes() {
        let fields = split_fields("\"x,1\",\"say \"\"hi\"\"\",5\"", ',').unwrap();
        assert_eq!(fields, ["x,1", "say \"hi\"", "5\""]);
    }

    #[test]
    fn reports_errors() {
        assert_eq!(
            split_fields("a,\"b", ','),
            Err(FieldError::OpenQuote { column: 2 })
        );
        assert_eq!(
            split_fields("\"a\"b", ','),
            Err(FieldError::TextAfterQuote('b'))
        );
    }
}
