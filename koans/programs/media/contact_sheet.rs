#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photo {
    pub file: String,
    pub size: (u32, u32),
}

#[derive(Debug, PartialEq, Eq)]
pub struct Placed<'p> {
    pub photo: &'p Photo,
    pub x: u32,
    pub y: u32,
    pub size: (u32, u32),
}

fn fit((w, h): (u32, u32), cell: u32) -> (u32, u32) {
    if w >= h {
        (cell, h * cell / w)
    } else {
        (w * cell / h, cell)
    }
}

/// Lays thumbnails out in square cells, each centered in its cell.
pub fn lay_out(photos: &[Photo], columns: u32, cell: u32, gap: u32) -> Vec<Placed<'_>> {
    photos
        .iter()
        .zip(0u32..)
        .map(|(photo, i)| {
            let size = fit(photo.size, cell);
            let (column, row) = (i % columns, i / columns);
            Placed {
                photo,
                x: column * (cell + gap) + (cell - size.0) / 2,
                y: row * (cell + gap) + (cell - size.1) / 2,
                size,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn photo(file: &str, w: u32, h: u32) -> Photo {
        Photo {
            file: file.to_string(),
            size: (w, h),
        }
    }

    #[test]
    fn wide_and_tall() {
        let photos = [
            photo("a", 400, 200),
            photo("b", 300, 600),
            photo("c", 50, 50),
        ];
        let got = lay_out(&photos, 2, 100, 10);
        assert_eq!((got[0].x, got[0].y, got[0].size), (0, 25, (100, 50)));
        assert_eq!((got[1].x, got[1].y, got[1].size), (135, 0, (50, 100)));
        assert_eq!((got[2].x, got[2].y, got[2].size), (0, 110, (100, 100)));
        assert_eq!(got[2].photo.file, "c");
    }

    #[test]
    fn no_photos() {
        assert!(lay_out(&[], 3, 10, 1).is_empty());
    }
}
