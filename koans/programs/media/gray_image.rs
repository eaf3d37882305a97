use std::ops::{Index, IndexMut};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gray {
    width: usize,
    data: Vec<u8>,
}

impl Gray {
    pub fn filled(width: usize, height: usize, value: u8) -> Self {
        Gray {
            width,
            data: vec![value; width * height],
        }
    }

    pub fn rows(&self) -> std::slice::Chunks<'_, u8> {
        self.data.chunks(self.width)
    }

    /// Mirrors left and right, in place.
    pub fn flip(&mut self) -> &mut Self {
        for row in self.data.chunks_mut(self.width) {
            row.reverse();
        }
        self
    }

    pub fn threshold(&self, limit: u8) -> Vec<bool> {
        self.data.iter().map(|v| *v >= limit).collect()
    }

    pub fn crop(&self, (x, y): (usize, usize), (w, h): (usize, usize)) -> Option<Gray> {
        let mut data = Vec::with_capacity(w * h);
        for row in self.rows().skip(y).take(h) {
            data.extend_from_slice(row.get(x..x + w)?);
        }
        (data.len() == w * h).then_some(Gray { width: w, data })
    }
}

impl Index<(usize, usize)> for Gray {
    type Output = u8;
    fn index(&self, (x, y): (usize, usize)) -> &u8 {
        &self.data[y * self.width + x]
    }
}

impl IndexMut<(usize, usize)> for Gray {
    fn index_mut(&mut self, (x, y): (usize, usize)) -> &mut u8 {
        &mut self.data[y * self.width + x]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dotted() -> Gray {
        let mut g = Gray::filled(3, 2, 10);
        g[(0, 1)] = 200;
        g[(2, 0)] += 5;
        g
    }

    #[test]
    fn pixels() {
        let g = dotted();
        let rows: Vec<&[u8]> = g.rows().collect();
        assert_eq!(rows, [&[10, 10, 15], &[200, 10, 10]]);
        assert_eq!(g.threshold(15), [false, false, true, true, false, false]);
    }

    #[test]
    fn flipping() {
        let mut g = dotted();
        let before = g.clone();
        assert_eq!(g.flip()[(2, 1)], 200);
        assert_ne!(g, before);
        assert_eq!(*g.flip(), before);
    }

    #[test]
    fn cropping() {
        let part = dotted().crop((1, 0), (2, 1)).unwrap();
        assert_eq!((part[(0, 0)], part[(1, 0)]), (10, 15));
        assert!(dotted().crop((2, 0), (2, 1)).is_none());
        assert!(dotted().crop((0, 1), (1, 2)).is_none());
    }
}
