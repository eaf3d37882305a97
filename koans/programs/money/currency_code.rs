use std::fmt;
use std::str::FromStr;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CurrencyCode([u8; 3]);

#[derive(Debug, PartialEq, Eq)]
pub enum CodeError {
    WrongLength(usize),
    NotALetter(char),
}

impl FromStr for CurrencyCode {
    type Err = CodeError;

    fn from_str(raw: &str) -> Result<Self, Self::Err> {
        let raw = raw.trim();
        if raw.len() != 3 {
            return Err(CodeError::WrongLength(raw.len()));
        }
        let mut letters = [0u8; 3];
        for (slot, ch) in letters.iter_mut().zip(raw.chars()) {
            if !ch.is_ascii_alphabetic() {
                return Err(CodeError::NotALetter(ch));
            }
            *slot = ch.to_ascii_uppercase() as u8;
        }
        Ok(CurrencyCode(letters))
    }
}

impl fmt::Display for CurrencyCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|b| write!(f, "{}", *b as char))
    }
}

pub fn distinct(codes: &[CurrencyCode]) -> Vec<CurrencyCode> {
    let mut out = codes.to_vec();
    out.sort();
    out.dedup();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_and_prints_upper_case() {
        let code: CurrencyCode = " chf ".parse().unwrap();
        assert_eq!(code.to_string(), "CHF");
    }

    #[test]
    fn rejects_bad_input() {
        assert_eq!(
            "EURO".parse::<CurrencyCode>(),
            Err(CodeError::WrongLength(4))
        );
        assert_eq!(
            "U5D".parse::<CurrencyCode>(),
            Err(CodeError::NotALetter('5'))
        );
    }

    #[test]
    fn distinct_sorts_and_dedups() {
        let codes: Vec<CurrencyCode> = ["usd", "EUR", "USD"]
            .iter()
            .map(|c| c.parse().unwrap())
            .collect();
        let shown: Vec<String> = distinct(&codes).iter().map(|c| c.to_string()).collect();
        assert_eq!(shown, vec!["EUR", "USD"]);
        assert_eq!(codes.len(), 3);
    }
}
