use std::collections::BTreeMap;
use std::fmt;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting {
    pub account: String,
    pub amount: i64,
}

#[derive(Debug, PartialEq, Eq)]
pub enum LedgerError {
    Unbalanced { off_by: i64 },
    UnknownAccount(String),
    TooFewPostings,
}

impl fmt::Display for LedgerError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            LedgerError::Unbalanced { off_by } => write!(f, "entry is off by {off_by}"),
            LedgerError::UnknownAccount(name) => write!(f, "no account {name:?}"),
            LedgerError::TooFewPostings => f.write_str("an entry needs two postings"),
        }
    }
}

impl std::error::Error for LedgerError {}

#[derive(Default)]
pub struct Ledger {
    balances: BTreeMap<String, i64>,
    entries: Vec<Vec<Posting>>,
}

impl Ledger {
    pub fn open(&mut self, account: &str) {
        self.balances.entry(account.to_string()).or_insert(0);
    }

    /// Checks the whole entry before the first balance moves.
    pub fn post(&mut self, postings: Vec<Posting>) -> Result<usize, LedgerError> {
        if postings.len() < 2 {
            return Err(LedgerError::TooFewPostings);
        }
        let off_by: i64 = postings.iter().map(|p| p.amount).sum();
        if off_by != 0 {
            return Err(LedgerError::Unbalanced { off_by });
        }
        if let Some(stray) = postings
            .iter()
            .find(|p| !self.balances.contains_key(&p.account))
        {
            return Err(LedgerError::UnknownAccount(stray.account.clone()));
        }
        for posting in &postings {
            if let Some(balance) = self.balances.get_mut(&posting.account) {
                *balance += posting.amount;
            }
        }
        self.entries.push(postings);
        Ok(self.entries.len())
    }

    pub fn balance(&self, account: &str) -> Option<i64> {
        self.balances.get(account).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn posting(account: &str, amount: i64) -> Posting {
        Posting {
            account: account.to_string(),
            amount,
        }
    }

    #[test]
    fn balanced_entry_moves_both_sides() {
        let mut ledger = Ledger::default();
        ledger.open("cash");
        ledger.open("rent");
        ledger.open("cash");
        assert_eq!(
            ledger.post(vec![posting("cash", -900), posting("rent", 900)]),
            Ok(1)
        );
        assert_eq!(
            ledger.post(vec![posting("cash", -1), posting("rent", 1)]),
            Ok(2)
        );
        assert_eq!(ledger.balance("cash"), Some(-901));
        assert_eq!(ledger.balance("rent"), Some(901));
        assert_eq!(ledger.balance("tax"), None);
    }

    #[test]
    fn refused_entries_change_nothing() {
        let mut ledger = Ledger::default();
        ledger.open("cash");
        let off = ledger
            .post(vec![posting("cash", 5), posting("cash", -7)])
            .unwrap_err();
        assert_eq!(off.to_string(), "entry is off by -2");
        let stray = ledger.post(vec![posting("cash", 5), posting("fees", -5)]);
        assert_eq!(stray, Err(LedgerError::UnknownAccount("fees".into())));
        let few = ledger.post(vec![posting("cash", 0)]).unwrap_err();
        assert_eq!(few.to_string(), "an entry needs two postings");
        assert_eq!(ledger.balance("cash"), Some(0));
    }
}
