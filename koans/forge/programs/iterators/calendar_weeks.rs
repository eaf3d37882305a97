/// Day numbers of a month laid out in rows of a wall calendar.
#[derive(Debug, Clone)]
pub struct Weeks {
    next: u8,
    days: u8,
    offset: u8,
}

impl Weeks {
    /// `first_weekday` counts from 0 for Monday.
    pub fn of_month(days: u8, first_weekday: u8) -> Weeks {
        Weeks {
            next: 1,
            days,
            offset: first_weekday % 7,
        }
    }
}

impl Iterator for Weeks {
    type Item = [Option<u8>; 7];

    fn next(&mut self) -> Option<Self::Item> {
        if self.next > self.days {
            return None;
        }
        let mut week = [None; 7];
        let start = std::mem::take(&mut self.offset);
        for cell in &mut week[usize::from(start)..] {
            if self.next > self.days {
                break;
            }
            *cell = Some(self.next);
            self.next += 1;
        }
        Some(week)
    }
}

pub fn sundays(weeks: &Weeks) -> Vec<u8> {
    weeks.clone().filter_map(|week| week[6]).collect()
}

pub fn row_text(week: &[Option<u8>; 7]) -> String {
    week.iter()
        .map(|day| day.map_or_else(|| "  ".to_string(), |d| format!("{d:>2}")))
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_of_a_month() {
        let weeks = Weeks::of_month(31, 5);
        assert_eq!(weeks.clone().count(), 6);
        assert_eq!(sundays(&weeks), [2, 9, 16, 23, 30]);
        let rows: Vec<_> = weeks.collect();
        assert_eq!(rows[0], [None, None, None, None, None, Some(1), Some(2)]);
        assert_eq!(rows[5][..2], [Some(31), None]);
    }

    #[test]
    fn text_rows() {
        let mut weeks = Weeks::of_month(9, 2);
        let first = weeks.next().unwrap();
        assert_eq!(row_text(&first), "       1  2  3  4  5");
        let second = weeks.next().unwrap();
        assert_eq!(row_text(&second), " 6  7  8  9         ");
        assert_eq!(weeks.next(), None);
    }
}
