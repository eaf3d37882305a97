#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expr {
    Int(i32),
    Var(String),
    Add(Box<Expr>, Box<Expr>),
    Mul(Box<Expr>, Box<Expr>),
}

use Expr::*;

pub fn var(name: impl ToString) -> Expr {
    Var(name.to_string())
}

pub fn add(a: Expr, b: Expr) -> Expr {
    Add(Box::new(a), Box::new(b))
}

pub fn mul(a: Expr, b: Expr) -> Expr {
    Mul(Box::new(a), Box::new(b))
}

/// Simplifies bottom up: numbers fold, `x + 0`, `x * 1` and `x * 0` shrink.
pub fn fold(e: Expr) -> Expr {
    match e {
        Add(a, b) => match (fold(*a), fold(*b)) {
            (Int(x), Int(y)) => Int(x + y),
            (x, Int(0)) | (Int(0), x) => x,
            (x, y) => add(x, y),
        },
        Mul(a, b) => match (fold(*a), fold(*b)) {
            (Int(x), Int(y)) => Int(x * y),
            (_, Int(0)) | (Int(0), _) => Int(0),
            (x, Int(1)) | (Int(1), x) => x,
            (x, y) => mul(x, y),
        },
        leaf => leaf,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_fold() {
        assert_eq!(fold(add(Int(2), mul(Int(3), Int(4)))), Int(14));
    }

    #[test]
    fn neutral_parts_go() {
        let e = add(mul(var("x"), add(Int(-1), Int(2))), Int(0));
        assert_eq!(fold(e), var("x"));
        let e = mul(add(var('y'), Int(1)), mul(Int(0), var("z")));
        assert_eq!(fold(e), Int(0));
        let kept = mul(var("a"), add(var("b"), Int(3)));
        assert_eq!(fold(kept.clone()), kept);
    }
}
