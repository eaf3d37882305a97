use std::collections::BTreeMap;
use std::ops::{AddAssign, Index};

/// A long row of numbers most of which are zero.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SparseRow {
    cells: BTreeMap<usize, f64>,
}

impl SparseRow {
    pub fn set(&mut self, at: usize, value: f64) {
        if value == 0.0 {
            self.cells.remove(&at);
        } else {
            self.cells.insert(at, value);
        }
    }

    pub fn dot(&self, other: &SparseRow) -> f64 {
        self.cells
            .iter()
            .map(|(&at, value)| value * other[at])
            .sum()
    }

    pub fn stored(&self) -> usize {
        self.cells.len()
    }
}

impl Index<usize> for SparseRow {
    type Output = f64;

    fn index(&self, at: usize) -> &f64 {
        self.cells.get(&at).unwrap_or(&0.0)
    }
}

impl AddAssign<&SparseRow> for SparseRow {
    fn add_assign(&mut self, other: &SparseRow) {
        for (&at, value) in &other.cells {
            let sum = self[at] + value;
            self.set(at, sum);
        }
    }
}

impl FromIterator<(usize, f64)> for SparseRow {
    fn from_iter<I: IntoIterator<Item = (usize, f64)>>(pairs: I) -> Self {
        let mut row = SparseRow::default();
        for (at, value) in pairs {
            row.set(at, value);
        }
        row
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dot_uses_shared_cells() {
        let a: SparseRow = [(3, 2.0), (100, 1.5)].into_iter().collect();
        let b: SparseRow = [(3, 4.0), (7, 9.0)].into_iter().collect();
        assert_eq!(a.dot(&b), 8.0);
        assert_eq!(a[7], 0.0);
        assert_eq!(a[100], 1.5);
    }

    #[test]
    fn zero_sums_are_not_stored() {
        let mut a: SparseRow = vec![(1, 2.0), (5, 1.0)].into_iter().collect();
        let b: SparseRow = vec![(1, -2.0), (6, 0.5)].into_iter().collect();
        let kept = a.clone();
        a += &b;
        assert_eq!(a.stored(), 2);
        assert_eq!(a, [(5, 1.0), (6, 0.5)].into_iter().collect());
        assert_eq!(kept[1], 2.0);
    }
}
