use std::ops::{Index, IndexMut};

#[derive(Debug, Clone)]
pub struct Canvas {
    width: usize,
    cells: Vec<char>,
}

impl Canvas {
    pub fn new(width: usize, height: usize) -> Self {
        Self {
            width,
            cells: vec!['.'; width * height],
        }
    }

    pub fn stroke(&mut self, row: usize, from: usize, to: usize, ink: char) {
        for col in from..to {
            self[(row, col)] = ink;
        }
    }

    pub fn rows(&self) -> Vec<String> {
        self.cells
            .chunks(self.width)
            .map(|row| row.iter().collect())
            .collect()
    }
}

impl Index<(usize, usize)> for Canvas {
    type Output = char;

    fn index(&self, (row, col): (usize, usize)) -> &char {
        &self.cells[row * self.width + col]
    }
}

impl IndexMut<(usize, usize)> for Canvas {
    fn index_mut(&mut self, (row, col): (usize, usize)) -> &mut char {
        &mut self.cells[row * self.width + col]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strokes_show_up() {
        let mut canvas = Canvas::new(4, 2);
        canvas.stroke(1, 1, 3, '#');
        assert_eq!(canvas.rows(), vec!["....", ".##."]);
    }

    #[test]
    fn index_reads_and_writes() {
        let mut canvas = Canvas::new(3, 3);
        canvas[(2, 0)] = 'x';
        assert_eq!(canvas[(2, 0)], 'x');
        assert_eq!(canvas[(0, 2)], '.');
    }
}
