use std::collections::BTreeMap;
use std::fmt;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    Text(&'a str),
    Var {
        name: &'a str,
        fallback: Option<&'a str>,
    },
}

#[derive(Debug, PartialEq, Eq)]
pub enum TemplateError {
    Unclosed(usize),
    Missing(String),
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unclosed(at) => write!(f, "brace at {at} is never closed"),
            Self::Missing(name) => write!(f, "nothing given for {name}"),
        }
    }
}

/// Splits `Dear [who|friend],` into pieces.
pub fn compile(source: &str) -> Result<Vec<Piece<'_>>, TemplateError> {
    let mut pieces = Vec::new();
    let mut at = 0;
    while let Some(open) = source[at..].find('[').map(|i| at + i) {
        if open > at {
            pieces.push(Piece::Text(&source[at..open]));
        }
        let close = source[open..]
            .find(']')
            .map(|i| open + i)
            .ok_or(TemplateError::Unclosed(open))?;
        let inside = &source[open + 1..close];
        let (name, fallback) = match inside.split_once('|') {
            Some((name, other)) => (name, Some(other)),
            None => (inside, None),
        };
        pieces.push(Piece::Var { name, fallback });
        at = close + 1;
    }
    if at < source.len() {
        pieces.push(Piece::Text(&source[at..]));
    }
    Ok(pieces)
}

pub fn render(source: &str, vars: &BTreeMap<&str, String>) -> Result<String, TemplateError> {
    let mut out = String::new();
    for piece in compile(source)? {
        out += match piece {
            Piece::Text(t) => t,
            Piece::Var { name, fallback } => vars
                .get(name)
                .map(String::as_str)
                .or(fallback)
                .ok_or_else(|| TemplateError::Missing(name.to_string()))?,
        };
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compiles() {
        let var = Piece::Var {
            name: "a",
            fallback: Some("b"),
        };
        assert_eq!(compile("x[a|b]"), Ok(vec![Piece::Text("x"), var]));
        assert_eq!(compile(""), Ok(vec![]));
        let err = compile("ok [never").unwrap_err();
        assert_eq!(err.to_string(), "brace at 3 is never closed");
    }

    #[test]
    fn renders() {
        let vars = BTreeMap::from([("who", "Mio".to_string())]);
        let text = "Dear [who|friend], [sign|bye][who]!";
        assert_eq!(render(text, &vars).unwrap(), "Dear Mio, byeMio!");
        let err = render("[day]", &vars).unwrap_err();
        assert_eq!(err.to_string(), "nothing given for day");
    }
}
