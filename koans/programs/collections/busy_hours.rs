/// Half-open spans of minutes, kept disjoint and ordered.
#[derive(Debug, Default)]
pub struct BusyHours {
    spans: Vec<(u16, u16)>,
}

impl BusyHours {
    pub fn block(&mut self, start: u16, end: u16) {
        if start >= end {
            return;
        }
        let (mut low, mut high) = (start, end);
        let mut kept = Vec::with_capacity(self.spans.len() + 1);
        for &(s, e) in &self.spans {
            if e < low || s > high {
                kept.push((s, e));
            } else {
                low = low.min(s);
                high = high.max(e);
            }
        }
        kept.push((low, high));
        kept.sort_unstable();
        self.spans = kept;
    }

    pub fn is_busy(&self, minute: u16) -> bool {
        self.spans.iter().any(|&(s, e)| s <= minute && minute < e)
    }

    pub fn total(&self) -> u32 {
        self.spans.iter().map(|(s, e)| u32::from(e - s)).sum()
    }

    /// First gap of at least `need` minutes inside `0..day_end`.
    pub fn first_gap(&self, need: u16, day_end: u16) -> Option<u16> {
        let mut cursor = 0;
        for (s, e) in self.spans.iter().copied() {
            if s.min(day_end) >= cursor + need {
                return Some(cursor);
            }
            cursor = cursor.max(e);
        }
        (cursor + need <= day_end).then_some(cursor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_merge() {
        let mut day = BusyHours::default();
        day.block(60, 120);
        day.block(200, 230);
        day.block(120, 150);
        day.block(10, 5);
        assert_eq!(day.spans, [(60, 150), (200, 230)]);
        assert_eq!(day.total(), 120);
        assert!(day.is_busy(60) && day.is_busy(149));
        assert!(!day.is_busy(150));
    }

    #[test]
    fn gaps_are_found() {
        let mut day = BusyHours::default();
        day.block(30, 100);
        day.block(130, 190);
        assert_eq!(day.first_gap(30, 240), Some(0));
        assert_eq!(day.first_gap(31, 240), Some(190));
        assert_eq!(day.first_gap(60, 240), None);
        day.block(0, 10);
        assert_eq!(day.first_gap(30, 240), Some(100));
    }
}
