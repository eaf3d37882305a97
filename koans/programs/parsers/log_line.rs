use std::fmt;
use std::num::ParseIntError;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Info,
    Warn,
    Error,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Entry<'l> {
    pub stamp: u64,
    pub level: Level,
    pub source: &'l str,
    pub message: &'l str,
}

#[derive(Debug)]
pub enum LineError {
    Missing(&'static str),
    Stamp(ParseIntError),
    Level(String),
}

impl fmt::Display for LineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(part) => write!(f, "no {part}"),
            Self::Stamp(inner) => write!(f, "stamp: {inner}"),
            Self::Level(word) => write!(f, "unknown level {word:?}"),
        }
    }
}

impl From<ParseIntError> for LineError {
    fn from(inner: ParseIntError) -> Self {
        LineError::Stamp(inner)
    }
}

impl<'l> Entry<'l> {
    pub fn parse(line: &'l str) -> Result<Entry<'l>, LineError> {
        let mut words = line.splitn(3, ' ');
        let stamp = words.next().ok_or(LineError::Missing("stamp"))?.parse()?;
        let level = match words.next().ok_or(LineError::Missing("level"))? {
            "INFO" => Level::Info,
            "WARN" => Level::Warn,
            "ERROR" => Level::Error,
            other => return Err(LineError::Level(other.to_string())),
        };
        let rest = words.next().ok_or(LineError::Missing("source"))?;
        let (source, message) = rest.split_once(": ").ok_or(LineError::Missing("message"))?;
        Ok(Entry {
            stamp,
            level,
            source,
            message,
        })
    }
}

pub fn at_least<'l>(log: &'l str, level: Level) -> Result<Vec<Entry<'l>>, LineError> {
    let mut entries = log
        .lines()
        .map(Entry::parse)
        .collect::<Result<Vec<_>, _>>()?;
    entries.retain(|entry| entry.level >= level);
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_a_line() {
        let entry = Entry::parse("1700 WARN disk: almost full: 9%").unwrap();
        let expected = Entry {
            stamp: 1700,
            level: Level::Warn,
            source: "disk",
            message: "almost full: 9%",
        };
        assert_eq!(entry, expected);
    }

    #[test]
    fn filters_by_level() {
        let log = "1 INFO a: x\n2 ERROR b: y\n3 WARN c: z";
        let stamps: Vec<u64> = at_least(log, Level::Warn)
            .unwrap()
            .iter()
            .map(|e| e.stamp)
            .collect();
        assert_eq!(stamps, [2, 3]);
    }

    #[test]
    fn explains() {
        let text = |line: &str| Entry::parse(line).unwrap_err().to_string();
        assert_eq!(text("x INFO a: b"), "stamp: invalid digit found in string");
        assert_eq!(text("1 LOUD a: b"), "unknown level \"LOUD\"");
        assert_eq!(text("1 INFO"), "no source");
        assert_eq!(text("1 INFO a b"), "no message");
    }
}
