use std::collections::BTreeMap;
use std::fmt::{Display, Formatter, Result as FmtResult};

pub type Result<T, E = StockError> = std::result::Result<T, E>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StockError {
    UnknownItem(String),
    NotEnough { item: String, want: u32, have: u32 },
}

impl Display for StockError {
    fn fmt(&self, f: &mut Formatter<'_>) -> FmtResult {
        match self {
            StockError::UnknownItem(item) => write!(f, "no such item: {item}"),
            StockError::NotEnough { item, want, have } => {
                write!(f, "{item}: wanted {want}, only {have} left")
            }
        }
    }
}

#[derive(Default, Clone)]
pub struct Stock {
    shelves: BTreeMap<String, u32>,
}

impl Stock {
    pub fn add(&mut self, item: &str, count: u32) {
        *self.shelves.entry(item.to_string()).or_insert(0) += count;
    }

    pub fn take(&mut self, item: &str, want: u32) -> Result<u32> {
        let Some(have) = self.shelves.get_mut(item) else {
            return Err(StockError::UnknownItem(item.to_string()));
        };
        if *have < want {
            return Err(StockError::NotEnough {
                item: item.to_string(),
                want,
                have: *have,
            });
        }
        *have -= want;
        Ok(*have)
    }

    /// Either the whole order goes through or the stock stays as it was.
    pub fn fulfil(&mut self, order: &[(&str, u32)]) -> Result<()> {
        let mut draft = self.clone();
        for (item, count) in order {
            draft.take(item, *count)?;
        }
        *self = draft;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stock() -> Stock {
        let mut s = Stock::default();
        s.add("bolt", 10);
        s.add("nut", 3);
        s.add("bolt", 2);
        s
    }

    #[test]
    fn takes() {
        let mut s = stock();
        assert_eq!(s.take("bolt", 5), Ok(7));
        assert_eq!(s.take("nut", 3), Ok(0));
        let err = s.take("gear", 1).unwrap_err();
        assert_eq!(err.to_string(), "no such item: gear");
    }

    #[test]
    fn failed_order_changes_nothing() {
        let mut s = stock();
        let err = s.fulfil(&[("bolt", 4), ("nut", 9)]).unwrap_err();
        assert_eq!(err.to_string(), "nut: wanted 9, only 3 left");
        assert_eq!(s.take("bolt", 0), Ok(12));
        assert_eq!(s.fulfil(&[("bolt", 4), ("nut", 1)]), Ok(()));
        assert_eq!(s.take("bolt", 0), Ok(8));
    }
}
