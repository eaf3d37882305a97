/// Reads a record such as `name=ada;age=36` piece by piece without copying it.
#[derive(Debug, Clone)]
pub struct Cursor<'a> {
    text: &'a str,
    pos: usize,
}

impl<'a> Cursor<'a> {
    pub fn new(text: &'a str) -> Self {
        Cursor { text, pos: 0 }
    }

    pub fn rest(&self) -> &'a str {
        &self.text[self.pos..]
    }

    pub fn take_while<F>(&mut self, keep: F) -> &'a str
    where
        F: Fn(char) -> bool,
    {
        let rest = self.rest();
        let end = rest.find(|c| !keep(c)).unwrap_or(rest.len());
        self.pos += end;
        &rest[..end]
    }

    pub fn eat(&mut self, token: char) -> bool {
        if self.rest().starts_with(token) {
            self.pos += token.len_utf8();
            true
        } else {
            false
        }
    }
}

pub fn fields<'a>(line: &'a str) -> Option<Vec<(&'a str, &'a str)>> {
    let mut cursor = Cursor::new(line);
    let mut out = Vec::new();
    while !cursor.rest().is_empty() {
        let key = cursor.take_while(char::is_alphanumeric);
        if key.is_empty() || !cursor.eat('=') {
            return None;
        }
        let value = cursor.take_while(|c| c != ';');
        cursor.eat(';');
        out.push((key, value));
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_fields() {
        let line = String::from("name=ada;age=36;note=");
        let got = fields(&line).unwrap();
        assert_eq!(got, vec![("name", "ada"), ("age", "36"), ("note", "")]);
        assert_eq!(fields("=x"), None);
        assert_eq!(fields("a b"), None);
    }

    #[test]
    fn slices_outlive_the_cursor() {
        let text = String::from("12px");
        let number;
        {
            let mut cursor = Cursor::new(&text);
            number = cursor.take_while(|c| c.is_ascii_digit());
            assert!(!cursor.eat('e'));
            assert_eq!(cursor.rest(), "px");
        }
        assert_eq!(number, "12");
    }
}
