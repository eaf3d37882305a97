use std::ops::{Index, IndexMut};

#[derive(Debug, Clone, PartialEq)]
pub struct Grid<T> {
    cols: usize,
    cells: Vec<T>,
}

impl<T: Clone> Grid<T> {
    pub fn filled(cols: usize, rows: usize, value: T) -> Self {
        Grid {
            cols,
            cells: vec![value; cols * rows],
        }
    }

    pub fn rows(&self) -> std::slice::Chunks<'_, T> {
        self.cells.chunks(self.cols)
    }

    pub fn neighbours(&self, col: usize, row: usize) -> impl Iterator<Item = &T> {
        let steps = [(0i64, -1i64), (1, 0), (0, 1), (-1, 0)];
        steps.into_iter().filter_map(move |(dx, dy)| {
            let x = usize::try_from(col as i64 + dx).ok()?;
            let y = usize::try_from(row as i64 + dy).ok()?;
            if x >= self.cols {
                return None;
            }
            self.cells.get(y * self.cols + x)
        })
    }
}

impl<T> Index<(usize, usize)> for Grid<T> {
    type Output = T;

    fn index(&self, (col, row): (usize, usize)) -> &T {
        &self.cells[row * self.cols + col]
    }
}

impl<T> IndexMut<(usize, usize)> for Grid<T> {
    fn index_mut(&mut self, (col, row): (usize, usize)) -> &mut T {
        &mut self.cells[row * self.cols + col]
    }
}

/// Cells lower than all their neighbours, where rain water gathers.
pub fn pits(heights: &Grid<i16>) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (row, line) in heights.rows().enumerate() {
        for (col, height) in line.iter().enumerate() {
            if heights.neighbours(col, row).all(|other| other > height) {
                found.push((col, row));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_have_fewer_neighbours() {
        let mut grid = Grid::filled(3, 2, 'a');
        grid[(1, 0)] = 'b';
        grid[(0, 1)] = 'c';
        assert_eq!(grid.neighbours(0, 0).collect::<String>(), "bc");
        assert_eq!(grid.neighbours(1, 1).collect::<String>(), "bac");
        assert_eq!(grid.neighbours(2, 1).collect::<String>(), "aa");
        assert_eq!(grid.rows().count(), 2);
    }

    #[test]
    fn finds_pits() {
        let mut heights = Grid::filled(3, 3, 5i16);
        let flat = heights.clone();
        heights[(0, 0)] = 1;
        heights[(2, 1)] = -2;
        assert_eq!(pits(&heights), [(0, 0), (2, 1)]);
        assert!(pits(&flat).is_empty());
    }
}
