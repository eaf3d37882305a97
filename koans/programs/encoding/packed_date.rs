/// A date in sixteen bits: seven for the year since 2000, four for the month, five for the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PackedDate(u16);

impl PackedDate {
    pub fn pack(year: u16, month: u8, day: u8) -> Option<Self> {
        let offset = year.checked_sub(2000).filter(|&y| y < 128)?;
        if month == 0 || month > 12 || day == 0 || day > 31 {
            return None;
        }
        Some(PackedDate(
            offset << 9 | u16::from(month) << 5 | u16::from(day),
        ))
    }

    pub fn unpack(self) -> (u16, u8, u8) {
        let PackedDate(bits) = self;
        (
            2000 + (bits >> 9),
            (bits >> 5 & 0xf) as u8,
            (bits & 0x1f) as u8,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packs() {
        let date = PackedDate::pack(2024, 3, 9).unwrap();
        assert_eq!(date, PackedDate(0x3069));
        assert_eq!(date.unpack(), (2024, 3, 9));
        assert_eq!(
            PackedDate::pack(2127, 12, 31).unwrap().unpack(),
            (2127, 12, 31)
        );
    }

    #[test]
    fn keeps_the_order_of_days() {
        assert!(PackedDate::pack(2023, 12, 31) < PackedDate::pack(2024, 1, 1));
    }

    #[test]
    fn refuses() {
        assert_eq!(PackedDate::pack(1999, 1, 1), None);
        assert_eq!(PackedDate::pack(2128, 1, 1), None);
        assert_eq!(PackedDate::pack(2000, 13, 1), None);
        assert_eq!(PackedDate::pack(2000, 1, 0), None);
    }
}
