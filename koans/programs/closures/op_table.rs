type Op = fn(i64, i64) -> Option<i64>;

const OPS: [(&str, Op); 4] = [
    ("plus", i64::checked_add),
    ("minus", i64::checked_sub),
    ("over", |a, b| if b == 0 { None } else { Some(a / b) }),
    ("max", |a, b| Some(a.max(b))),
];

pub fn find(name: &str) -> Option<Op> {
    OPS.iter().find(|(n, _)| *n == name).map(|(_, op)| *op)
}

/// Evaluates `8 minus 3 over 2` strictly from left to right.
pub fn evaluate(text: &str) -> Option<i64> {
    let mut words = text.split(' ');
    let mut acc: i64 = words.next()?.parse().ok()?;
    while let Some(name) = words.next() {
        let op = find(name)?;
        let rhs = words.next()?.parse().ok()?;
        acc = op(acc, rhs)?;
    }
    Some(acc)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn left_to_right() {
        assert_eq!(evaluate("8 minus 3 over 2"), Some(2));
        assert_eq!(evaluate("1 max 7 plus 1"), Some(8));
        assert_eq!(evaluate("5"), Some(5));
    }

    #[test]
    fn failures() {
        assert_eq!(evaluate("4 over 0"), None);
        assert_eq!(evaluate("4 times 2"), None);
        assert_eq!(evaluate("4 plus"), None);
        assert!(find("min").is_none());
    }
}
