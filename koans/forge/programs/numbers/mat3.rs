use std::ops::Mul;

/// A colour matrix: rows give red, green and blue of the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ColourMatrix(pub [[i32; 3]; 3]);

pub const SWAP_RED_BLUE: ColourMatrix = ColourMatrix([[0, 0, 1], [0, 1, 0], [1, 0, 0]]);

impl Mul for ColourMatrix {
    type Output = ColourMatrix;

    fn mul(self, rhs: ColourMatrix) -> ColourMatrix {
        let mut out = [[0; 3]; 3];
        for (row, line) in out.iter_mut().enumerate() {
            for (col, cell) in line.iter_mut().enumerate() {
                *cell = (0..3).map(|k| self.0[row][k] * rhs.0[k][col]).sum();
            }
        }
        ColourMatrix(out)
    }
}

impl Mul<[u8; 3]> for ColourMatrix {
    type Output = [u8; 3];

    fn mul(self, pixel: [u8; 3]) -> [u8; 3] {
        self.0.map(|row| {
            let sum: i32 = row.iter().zip(pixel).map(|(k, v)| k * i32::from(v)).sum();
            sum.clamp(0, 255) as u8
        })
    }
}

pub fn recolour(pixels: &mut [[u8; 3]], matrix: ColourMatrix) -> usize {
    let mut changed = 0;
    for pixel in pixels.iter_mut() {
        let fresh = matrix * *pixel;
        if fresh != *pixel {
            *pixel = fresh;
            changed += 1;
        }
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products() {
        let double = ColourMatrix([[2, 0, 0], [0, 2, 0], [1, 0, 2]]);
        let product = SWAP_RED_BLUE * double;
        assert_eq!(product, ColourMatrix([[1, 0, 2], [0, 2, 0], [2, 0, 0]]));
        assert_eq!(SWAP_RED_BLUE * SWAP_RED_BLUE * double, double);
        assert_eq!(double * [10, 200, 3], [20, 255, 16]);
    }

    #[test]
    fn recolouring_counts() {
        let mut pixels = [[1, 2, 3], [7, 7, 7]];
        assert_eq!(recolour(&mut pixels, SWAP_RED_BLUE), 1);
        assert_eq!(pixels, [[3, 2, 1], [7, 7, 7]]);
    }
}
