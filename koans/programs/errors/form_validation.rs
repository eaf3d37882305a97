use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Problem {
    Empty,
    TooLong(usize),
    OutOfRange(i64),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    pub nick: String,
    pub age: u8,
}

pub type Problems = BTreeMap<&'static str, Problem>;

fn nick(raw: &str) -> Result<String, Problem> {
    let nick = raw.trim();
    if nick.is_empty() {
        Err(Problem::Empty)
    } else if nick.len() > 8 {
        Err(Problem::TooLong(nick.len()))
    } else {
        Ok(nick.to_owned())
    }
}

fn age(raw: i64) -> Result<u8, Problem> {
    u8::try_from(raw)
        .ok()
        .filter(|years| (13..=120).contains(years))
        .ok_or(Problem::OutOfRange(raw))
}

/// Reports every problem at once, not just the first.
pub fn validate(raw_nick: &str, raw_age: i64) -> Result<Profile, Problems> {
    match (nick(raw_nick), age(raw_age)) {
        (Ok(nick), Ok(age)) => Ok(Profile { nick, age }),
        (nick, age) => {
            let mut problems = Problems::new();
            if let Err(p) = nick {
                problems.insert("nick", p);
            }
            if let Err(p) = age {
                problems.insert("age", p);
            }
            Err(problems)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn valid_profile() {
        let p = validate("  robin ", 30).unwrap();
        assert_eq!(p.nick, "robin");
        assert_eq!(p.age, 30);
        assert!(validate("abcdefgh", 13).is_ok());
    }

    #[test]
    fn all_problems() {
        let problems = validate("", 300).unwrap_err();
        assert_eq!(problems["nick"], Problem::Empty);
        assert_eq!(problems["age"], Problem::OutOfRange(300));
        let problems = validate("abcdefghi", 120).unwrap_err();
        assert_eq!(problems.len(), 1);
        assert_eq!(problems["nick"], Problem::TooLong(9));
        assert!(validate("x", 121).is_err());
    }
}
