pub type Color = [u8; 3];

fn distance(a: &Color, b: &Color) -> u32 {
    a.iter()
        .zip(b)
        .map(|(x, y)| u32::from(x.abs_diff(*y)).pow(2))
        .sum()
}

/// Index of the palette entry closest to `color`.
pub fn nearest(palette: &[Color], color: Color) -> Option<usize> {
    (0..palette.len()).min_by_key(|&i| distance(&palette[i], &color))
}

pub fn snap(pixels: &mut [Color], palette: &[Color]) {
    for pixel in pixels.iter_mut() {
        if let Some(i) = nearest(palette, *pixel) {
            *pixel = palette[i];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PALETTE: [Color; 3] = [[0, 0, 0], [250, 250, 250], [200, 0, 0]];

    #[test]
    fn nearest_entry() {
        assert_eq!(nearest(&PALETTE, [30, 20, 9]), Some(0));
        assert_eq!(nearest(&PALETTE, [255, 40, 40]), Some(2));
        assert_eq!(nearest(&[], [1, 1, 1]), None);
        assert_eq!(nearest(&[[0, 8, 8], [10, 0, 0]], [0, 0, 0]), Some(1));
    }

    #[test]
    fn pixels_are_replaced() {
        let mut row = [[199, 3, 1], [240, 240, 255]];
        snap(&mut row, &PALETTE);
        assert_eq!(row, [PALETTE[2], PALETTE[1]]);
        snap(&mut row, &[]);
        assert_eq!(row[1], [250, 250, 250]);
    }
}
