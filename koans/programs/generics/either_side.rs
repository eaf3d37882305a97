use std::fmt::{self, Display};

#[derive(Debug, Clone, PartialEq)]
pub enum Either<L, R> {
    Left(L),
    Right(R),
}

use Either::{Left, Right};

impl<L, R> Either<L, R> {
    pub fn as_ref(&self) -> Either<&L, &R> {
        match self {
            Left(l) => Left(l),
            Right(r) => Right(r),
        }
    }

    pub fn flip(self) -> Either<R, L> {
        match self {
            Left(l) => Right(l),
            Right(r) => Left(r),
        }
    }

    pub fn reduce<T>(self, on_left: impl FnOnce(L) -> T, on_right: impl FnOnce(R) -> T) -> T {
        match self {
            Left(l) => on_left(l),
            Right(r) => on_right(r),
        }
    }
}

impl<L: Display, R: Display> Display for Either<L, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Left(l) => l.fmt(f),
            Right(r) => r.fmt(f),
        }
    }
}

/// Splits a mixed column into its two kinds, keeping the order of each.
pub fn partition<L, R, I>(mixed: I) -> (Vec<L>, Vec<R>)
where
    I: IntoIterator<Item = Either<L, R>>,
{
    let (mut ls, mut rs) = (Vec::new(), Vec::new());
    for cell in mixed {
        cell.reduce(|l| ls.push(l), |r| rs.push(r));
    }
    (ls, rs)
}

pub fn read_cell(text: &str) -> Either<i64, String> {
    match text.trim().parse() {
        Ok(number) => Left(number),
        Err(_) => Right(text.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partitions_cells() {
        let cells = ["7", "n/a", " -2 "].iter().map(|c| read_cell(c));
        let (numbers, words) = partition(cells);
        assert_eq!(numbers, vec![7, -2]);
        assert_eq!(words, vec!["n/a"]);
    }

    #[test]
    fn views() {
        let cell = read_cell("x1");
        assert_eq!(cell.as_ref().reduce(|n| *n as usize, |s| s.len()), 2);
        assert_eq!(cell.to_string(), "x1");
        assert_eq!(format!("{:>4}", read_cell("12")), "  12");
        assert_eq!(cell.flip(), Left("x1".to_string()));
    }
}
