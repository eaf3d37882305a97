/// A box of pixels; right and bottom edges are not part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PixelBox {
    pub left: i32,
    pub top: i32,
    pub right: i32,
    pub bottom: i32,
}

impl PixelBox {
    pub fn area(&self) -> u64 {
        let width = (self.right - self.left).max(0) as u64;
        let height = (self.bottom - self.top).max(0) as u64;
        width * height
    }

    pub fn overlap(&self, other: &PixelBox) -> Option<PixelBox> {
        let shared = PixelBox {
            left: self.left.max(other.left),
            top: self.top.max(other.top),
            right: self.right.min(other.right),
            bottom: self.bottom.min(other.bottom),
        };
        (shared.area() > 0).then_some(shared)
    }

    pub fn hull(self, other: PixelBox) -> PixelBox {
        PixelBox {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }
}

/// One box around all damaged regions of the screen.
pub fn damage(regions: &[PixelBox]) -> Option<PixelBox> {
    regions.iter().copied().reduce(PixelBox::hull)
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: PixelBox = PixelBox {
        left: 0,
        top: 0,
        right: 10,
        bottom: 4,
    };
    const B: PixelBox = PixelBox {
        left: 8,
        top: -2,
        right: 12,
        bottom: 3,
    };

    #[test]
    fn overlap_is_shared_area() {
        let shared = A.overlap(&B).unwrap();
        assert_eq!(shared.area(), 6);
        assert_eq!((shared.left, shared.top), (8, 0));
        let far = PixelBox { left: 10, ..A };
        assert_eq!(A.overlap(&far), None);
    }

    #[test]
    fn damage_covers_all() {
        let all = damage(&[A, B]).unwrap();
        assert_eq!((all.left, all.top, all.right, all.bottom), (0, -2, 12, 4));
        assert_eq!(damage(&[]), None);
        assert_eq!(A.area(), 40);
    }
}
