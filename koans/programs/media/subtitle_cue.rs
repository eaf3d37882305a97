use std::fmt;
use std::str::FromStr;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stamp(u32);

#[derive(Debug, PartialEq, Eq)]
pub struct BadStamp(String);

impl fmt::Display for BadStamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a time: {}", self.0)
    }
}

impl std::error::Error for BadStamp {}

impl FromStr for Stamp {
    type Err = BadStamp;

    /// Reads `01:02.500`: minutes, seconds, thousandths.
    fn from_str(s: &str) -> Result<Self, BadStamp> {
        let read = || {
            let (min, rest) = s.split_once(':')?;
            let (sec, ms) = rest.split_once('.')?;
            let number = |t: &str| t.parse::<u32>().ok();
            Some((number(min)? * 60 + number(sec)?) * 1000 + number(ms)?)
        };
        read().map(Stamp).ok_or_else(|| BadStamp(s.to_string()))
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Stamp(ms) = *self;
        write!(
            f,
            "{:02}:{:02}.{:03}",
            ms / 60_000,
            ms / 1000 % 60,
            ms % 1000
        )
    }
}

/// Shifts a line like `00:01.000 > 00:02.000` by some milliseconds.
pub fn shift(line: &str, by: i32) -> Result<String, Box<dyn std::error::Error>> {
    let (from, to) = line.split_once(" > ").ok_or("no arrow")?;
    let moved = |text: &str| -> Result<Stamp, BadStamp> {
        let Stamp(ms) = text.parse()?;
        Ok(Stamp(ms.saturating_add_signed(by)))
    };
    Ok(format!("{} > {}", moved(from)?, moved(to)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shifts_both_ends() {
        let line = shift("00:59.250 > 01:02.000", 1750).unwrap();
        assert_eq!(line, "01:01.000 > 01:03.750");
        let line = shift("00:01.000 > 00:03.000", -2000).unwrap();
        assert_eq!(line, "00:00.000 > 00:01.000");
    }

    #[test]
    fn complains() {
        assert_eq!(shift("00:01.000", 1).unwrap_err().to_string(), "no arrow");
        let err = shift("soon > 00:03.000", 1).unwrap_err();
        assert_eq!(err.to_string(), "not a time: soon");
        assert!("1:00".parse::<Stamp>().is_err());
        let stamp = |s: &str| s.parse::<Stamp>().unwrap();
        assert!(stamp("00:02.000") < stamp("10:00.000"));
    }
}
