/// Days on a working calendar: weekends and listed holidays do not count.
pub struct WorkCalendar<'h> {
    holidays: &'h [u32],
}

impl<'h> WorkCalendar<'h> {
    pub fn new(holidays: &'h [u32]) -> Self {
        Self { holidays }
    }

    pub fn is_workday(&self, day: u32) -> bool {
        day % 7 < 5 && !self.holidays.contains(&day)
    }

    pub fn workdays(&self, from: u32) -> impl Iterator<Item = u32> + '_ {
        (from..).filter(move |day| self.is_workday(*day))
    }

    pub fn add_workdays(&self, from: u32, count: usize) -> Option<u32> {
        self.workdays(from + 1).nth(count.checked_sub(1)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn skips_weekends_and_holidays() {
        let free = vec![2, 7];
        let calendar = WorkCalendar::new(&free);
        assert!(!calendar.is_workday(5));
        assert!(!calendar.is_workday(7));
        let days: Vec<u32> = calendar.workdays(0).take(6).collect();
        assert_eq!(days, [0, 1, 3, 4, 8, 9]);
    }

    #[test]
    fn adds_workdays() {
        let calendar = WorkCalendar::new(&[]);
        assert_eq!(calendar.add_workdays(4, 1), Some(7));
        assert_eq!(calendar.add_workdays(0, 5), Some(7));
        assert_eq!(calendar.add_workdays(0, 0), None);
    }
}
