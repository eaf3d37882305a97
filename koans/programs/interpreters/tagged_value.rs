use std::fmt;

/// A value of the script language.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Nil,
    Bool(bool),
    Num(f64),
    Text(String),
    List(Vec<Value>),
}

impl From<f64> for Value {
    fn from(n: f64) -> Self {
        Value::Num(n)
    }
}

impl From<&str> for Value {
    fn from(s: &str) -> Self {
        Value::Text(s.to_owned())
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(items: Vec<T>) -> Self {
        Value::List(items.into_iter().map(Into::into).collect())
    }
}

impl Value {
    pub fn truthy(&self) -> bool {
        match self {
            Value::Nil => false,
            Value::Bool(b) => *b,
            Value::Num(n) => *n != 0.0,
            Value::Text(s) => !s.is_empty(),
            Value::List(l) => !l.is_empty(),
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Nil => f.write_str("nil"),
            Value::Bool(b) => write!(f, "{b}"),
            Value::Num(n) => write!(f, "{n}"),
            Value::Text(s) => write!(f, "{s:?}"),
            Value::List(items) => {
                let shown: Vec<String> = items.iter().map(ToString::to_string).collect();
                write!(f, "({})", shown.join(" "))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows() {
        let list: Value = vec![vec![1.5, 2.0], vec![]].into();
        assert_eq!(list.to_string(), "((1.5 2) ())");
        let mixed = Value::List(vec!["hi".into(), Value::Nil, Value::Bool(true)]);
        assert_eq!(mixed.to_string(), "(\"hi\" nil true)");
    }

    #[test]
    fn truth() {
        assert!(Value::from("x").truthy());
        assert!(!Value::from("").truthy());
        assert!(!Value::from(0.0).truthy());
        assert!(!Value::Nil.truthy() && !Value::Bool(false).truthy());
        assert!(Value::from(vec![0.0]).truthy());
    }
}
