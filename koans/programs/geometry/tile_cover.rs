pub const TILE: u32 = 256;

/// Tile columns and rows needed to show part of a large picture.
pub fn cover(x: u32, y: u32, width: u32, height: u32) -> Vec<(u32, u32)> {
    if width == 0 || height == 0 {
        return Vec::new();
    }
    let cols = x / TILE..=(x + width - 1) / TILE;
    let rows = y / TILE..=(y + height - 1) / TILE;
    rows.flat_map(|row| cols.clone().map(move |col| (col, row)))
        .collect()
}

pub fn tile_name((col, row): (u32, u32), zoom: u8) -> String {
    let letter = char::from(b'a' + zoom % 26);
    format!("{letter}{col:03}_{row:03}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn covers_partial_tiles() {
        assert_eq!(cover(0, 0, 256, 1), [(0, 0)]);
        assert_eq!(cover(200, 250, 100, 7), [(0, 0), (1, 0), (0, 1), (1, 1)]);
        assert_eq!(cover(512, 0, 257, 256), [(2, 0), (3, 0)]);
        assert!(cover(3, 3, 0, 9).is_empty());
    }

    #[test]
    fn names() {
        assert_eq!(tile_name((4, 17), 2), "c004_017");
        assert_eq!(tile_name((0, 1000), 26), "a000_1000");
    }
}
