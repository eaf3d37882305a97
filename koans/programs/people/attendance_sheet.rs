#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    Present,
    Late(u8),
    Excused,
    Absent,
}

impl TryFrom<char> for Mark {
    type Error = char;

    fn try_from(symbol: char) -> Result<Self, Self::Error> {
        match symbol {
            '+' => Ok(Mark::Present),
            '1'..='9' => Ok(Mark::Late(symbol as u8 - b'0')),
            'e' => Ok(Mark::Excused),
            '-' => Ok(Mark::Absent),
            other => Err(other),
        }
    }
}

pub fn parse_row(row: &str) -> Result<Vec<Mark>, String> {
    row.chars()
        .enumerate()
        .map(|(at, c)| Mark::try_from(c).map_err(|bad| format!("{bad:?} at {at}")))
        .collect()
}

/// Share of lessons attended in percent, excused lessons left out.
pub fn rate(marks: &[Mark]) -> Option<u32> {
    let counted = marks.iter().filter(|m| **m != Mark::Excused).count() as u32;
    let there = marks
        .iter()
        .filter(|m| matches!(m, Mark::Present | Mark::Late(_)))
        .count() as u32;
    (there * 100).checked_div(counted)
}

pub fn minutes_late(marks: &[Mark]) -> u32 {
    marks.iter().fold(0, |sum, mark| match mark {
        Mark::Late(fives) => sum + u32::from(*fives) * 5,
        _ => sum,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_symbols() {
        let row = parse_row("+3e-").unwrap();
        assert_eq!(
            row,
            [Mark::Present, Mark::Late(3), Mark::Excused, Mark::Absent]
        );
        assert_eq!(parse_row("+?"), Err("'?' at 1".to_string()));
        assert_eq!(Mark::try_from('0'), Err('0'));
    }

    #[test]
    fn rates() {
        assert_eq!(rate(&parse_row("+2ee-").unwrap()), Some(66));
        assert_eq!(rate(&[Mark::Excused]), None);
        assert_eq!(minutes_late(&parse_row("+2-9").unwrap()), 55);
    }
}
