const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    pub year: u16,
    pub month: u8,
    pub day: u8,
}

fn month_number(word: &str) -> Option<u8> {
    let lower = word.to_lowercase();
    let index = MONTHS.iter().position(|m| lower.starts_with(m))?;
    u8::try_from(index + 1).ok()
}

/// Accepts `2024-03-09`, `9 March 2024` and `Mar 9, 2024`.
pub fn parse_day(text: &str) -> Option<Day> {
    let cleaned = text.replace([',', '-'], " ");
    let parts: Vec<&str> = cleaned.split_whitespace().collect();
    let &[a, b, c] = parts.as_slice() else {
        return None;
    };
    let (year, month, day) = if let Some(month) = month_number(b) {
        (c.parse().ok()?, month, a.parse().ok()?)
    } else if let Some(month) = month_number(a) {
        (c.parse().ok()?, month, b.parse().ok()?)
    } else {
        (a.parse().ok()?, b.parse().ok()?, c.parse().ok()?)
    };
    let sane = (1..=12).contains(&month) && (1..=31).contains(&day);
    sane.then_some(Day { year, month, day })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_spellings() {
        let expected = Some(Day {
            year: 2024,
            month: 3,
            day: 9,
        });
        assert_eq!(parse_day("2024-03-09"), expected);
        assert_eq!(parse_day("9 March 2024"), expected);
        assert_eq!(parse_day("Mar 9, 2024"), expected);
    }

    #[test]
    fn orders() {
        assert!(parse_day("1 jan 2024") > parse_day("31 dec 2023"));
    }

    #[test]
    fn rejects() {
        assert_eq!(parse_day("2024-13-01"), None);
        assert_eq!(parse_day("0 may 2024"), None);
        assert_eq!(parse_day("yesterday"), None);
    }
}
