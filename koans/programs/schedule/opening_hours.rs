use std::fmt;
use std::num::ParseIntError;
use std::ops::RangeInclusive;
use std::str::FromStr;

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HoursError {
    Shape(String),
    Day(String),
    Hour(ParseIntError),
}

impl From<ParseIntError> for HoursError {
    fn from(source: ParseIntError) -> Self {
        HoursError::Hour(source)
    }
}

impl fmt::Display for HoursError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            HoursError::Shape(part) => write!(f, "cannot read {part:?}"),
            HoursError::Day(day) => write!(f, "no day {day:?}"),
            HoursError::Hour(source) => write!(f, "bad hour: {source}"),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpeningHours {
    spans: Vec<(RangeInclusive<usize>, u8, u8)>,
}

fn day_index(day: &str) -> Result<usize, HoursError> {
    let found = DAYS.iter().position(|d| *d == day);
    found.ok_or_else(|| HoursError::Day(day.to_string()))
}

impl FromStr for OpeningHours {
    type Err = HoursError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut spans = Vec::new();
        for part in text.split(';').map(str::trim) {
            let shape = || HoursError::Shape(part.to_string());
            let (days, hours) = part.split_once(' ').ok_or_else(shape)?;
            let (first, last) = days.split_once('-').unwrap_or((days, days));
            let (open, close) = hours.split_once('-').ok_or_else(shape)?;
            let days = day_index(first)?..=day_index(last)?;
            spans.push((days, open.parse()?, close.parse::<u8>()?));
        }
        Ok(OpeningHours { spans })
    }
}

impl OpeningHours {
    pub fn is_open(&self, day: usize, hour: u8) -> bool {
        let mut spans = self.spans.iter();
        spans.any(|(days, open, close)| days.contains(&day) && (*open..*close).contains(&hour))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_and_single_days() {
        let shop: OpeningHours = "mon-fri 8-18; sat 9-13".parse().unwrap();
        assert!(shop.is_open(0, 8));
        assert!(shop.is_open(4, 17));
        assert!(!shop.is_open(4, 18));
        assert!(!shop.is_open(5, 8));
        assert!(shop.is_open(5, 12));
        assert!(!shop.is_open(6, 12));
        assert_eq!(shop.clone(), shop);
    }

    #[test]
    fn errors_name_the_part() {
        let read = |text: &str| text.parse::<OpeningHours>().unwrap_err();
        assert_eq!(read("mon 8-9;sat").to_string(), "cannot read \"sat\"");
        assert_eq!(read("mon 8").to_string(), "cannot read \"mon 8\"");
        assert_eq!(read("mon-xyz 8-9"), HoursError::Day("xyz".to_string()));
        assert!(matches!(read("mon a-9"), HoursError::Hour(_)));
    }
}
