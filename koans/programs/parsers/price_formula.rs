use std::collections::HashMap;

/// A price formula of names, whole numbers, `+`, `-` and `*`, without brackets.
#[derive(Debug, Clone, PartialEq)]
pub enum Formula {
    Number(i64),
    Name(String),
    Binary(Box<Formula>, char, Box<Formula>),
}

impl Formula {
    pub fn parse(source: &str) -> Option<Formula> {
        let source = source.trim();
        let split = source.rfind(['+', '-']).or_else(|| source.rfind('*'));
        if let Some(at) = split {
            let left = Formula::parse(&source[..at])?;
            let right = Formula::parse(&source[at + 1..])?;
            let op = source[at..].chars().next()?;
            return Some(Formula::Binary(Box::new(left), op, Box::new(right)));
        }
        if let Ok(number) = source.parse() {
            return Some(Formula::Number(number));
        }
        let named = source.starts_with(char::is_alphabetic) && !source.contains(' ');
        named.then(|| Formula::Name(source.to_string()))
    }

    pub fn value(&self, names: &HashMap<&str, i64>) -> Option<i64> {
        match self {
            Formula::Number(n) => Some(*n),
            Formula::Name(name) => names.get(name.as_str()).copied(),
            Formula::Binary(left, op, right) => {
                let (a, b) = (left.value(names)?, right.value(names)?);
                match op {
                    '+' => a.checked_add(b),
                    '-' => a.checked_sub(b),
                    _ => a.checked_mul(b),
                }
            }
        }
    }

    pub fn names(&self) -> Vec<&str> {
        match self {
            Formula::Number(_) => vec![],
            Formula::Name(name) => vec![name],
            Formula::Binary(left, _, right) => [left.names(), right.names()].concat(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(source: &str) -> Option<i64> {
        let names = HashMap::from([("base", 100), ("seats", 3)]);
        Formula::parse(source)?.value(&names)
    }

    #[test]
    fn binds_tightly() {
        assert_eq!(value("base + 2*seats - 1"), Some(105));
        assert_eq!(value("9-3-2"), Some(4));
        assert_eq!(value("9223372036854775807 + 1"), None);
    }

    #[test]
    fn builds_trees() {
        let formula = Formula::parse("a*2").unwrap();
        let expected = Formula::Binary(
            Box::new(Formula::Name("a".to_string())),
            '*',
            Box::new(Formula::Number(2)),
        );
        assert_eq!(formula, expected);
        assert_eq!(Formula::parse("b*2 + c").unwrap().names(), ["b", "c"]);
    }

    #[test]
    fn rejects_junk() {
        assert_eq!(value("1 +"), None);
        assert_eq!(value("1 2"), None);
        assert_eq!(value("unknown"), None);
    }
}
