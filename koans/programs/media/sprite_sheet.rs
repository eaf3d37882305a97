#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rect {
    pub x: u32,
    pub y: u32,
    pub w: u32,
    pub h: u32,
}

pub struct Sheet {
    pub width: u32,
    pub tile: (u32, u32),
}

impl Sheet {
    pub fn frame(&self, index: u32) -> Rect {
        let (w, h) = self.tile;
        let columns = self.width / w;
        Rect {
            x: index % columns * w,
            y: index / columns * h,
            w,
            h,
        }
    }

    /// Frames of a looping animation, from `first` on.
    pub fn animation(&self, first: u32, len: u32) -> impl Iterator<Item = Rect> + '_ {
        (first..first + len).cycle().map(|i| self.frame(i))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHEET: Sheet = Sheet {
        width: 100,
        tile: (30, 20),
    };

    #[test]
    fn frames_wrap_to_rows() {
        let r = SHEET.frame(4);
        assert_eq!((r.x, r.y, r.w, r.h), (30, 20, 30, 20));
        assert_eq!(SHEET.frame(0).x, 0);
    }

    #[test]
    fn animation_loops() {
        let at: Vec<(u32, u32)> = SHEET.animation(2, 2).map(|r| (r.x, r.y)).take(3).collect();
        assert_eq!(at, [(60, 0), (0, 20), (60, 0)]);
        assert_eq!(SHEET.animation(1, 3).nth(3), Some(SHEET.frame(1)));
    }
}
