#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shift {
    pub worker: u32,
    pub start: u16,
    pub end: u16,
}

impl Shift {
    fn clashes_with(&self, other: &Shift) -> bool {
        self.worker == other.worker && self.start < other.end && other.start < self.end
    }
}

/// Every pair of shifts in which one person works twice at the same time.
pub fn clashes(shifts: &[Shift]) -> Vec<(Shift, Shift)> {
    let mut found = Vec::new();
    for (i, first) in shifts.iter().enumerate() {
        for second in &shifts[i + 1..] {
            if first.clashes_with(second) {
                found.push((*first, *second));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn shift(worker: u32, start: u16, end: u16) -> Shift {
        Shift { worker, start, end }
    }

    #[test]
    fn finds_double_work() {
        let plan = [
            shift(1, 480, 720),
            shift(2, 600, 900),
            shift(1, 719, 800),
            shift(1, 800, 860),
        ];
        assert_eq!(clashes(&plan), vec![(plan[0], plan[2])]);
    }

    #[test]
    fn touching_shifts_are_fine() {
        assert!(clashes(&[shift(3, 0, 60), shift(3, 60, 90)]).is_empty());
        assert_eq!(clashes(&[shift(3, 0, 61), shift(3, 60, 90)]).len(), 1);
    }
}
