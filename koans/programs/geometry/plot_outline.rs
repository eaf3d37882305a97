/// Corners of a plot of land in whole metres, in walking order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plot {
    corners: Vec<(i32, i32)>,
}

#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub enum PlotError {
    TooFewCorners(usize),
    Flat,
}

impl TryFrom<Vec<(i32, i32)>> for Plot {
    type Error = PlotError;

    fn try_from(corners: Vec<(i32, i32)>) -> Result<Self, PlotError> {
        if corners.len() < 3 {
            return Err(PlotError::TooFewCorners(corners.len()));
        }
        let mut plot = Plot { corners };
        match plot.doubled_area() {
            0 => Err(PlotError::Flat),
            area if area < 0 => {
                plot.corners.reverse();
                Ok(plot)
            }
            _ => Ok(plot),
        }
    }
}

impl Plot {
    fn edges(&self) -> impl Iterator<Item = ((i32, i32), (i32, i32))> + '_ {
        let next = self.corners.iter().cycle().skip(1);
        self.corners.iter().copied().zip(next.copied())
    }

    pub fn doubled_area(&self) -> i64 {
        self.edges()
            .map(|((x1, y1), (x2, y2))| {
                i64::from(x1) * i64::from(y2) - i64::from(x2) * i64::from(y1)
            })
            .sum()
    }

    pub fn first_corner(&self) -> (i32, i32) {
        self.corners[0]
    }

    pub fn is_convex(&self) -> bool {
        let count = self.corners.len();
        (0..count).all(|i| {
            let (ax, ay) = self.corners[i];
            let (bx, by) = self.corners[(i + 1) % count];
            let (cx, cy) = self.corners[(i + 2) % count];
            (bx - ax) * (cy - by) - (by - ay) * (cx - bx) >= 0
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn area_is_positive_either_way() {
        let square = vec![(0, 0), (4, 0), (4, 4), (0, 4)];
        let backwards: Vec<_> = square.iter().rev().copied().collect();
        let a = Plot::try_from(square).unwrap();
        let b = Plot::try_from(backwards).unwrap();
        assert_eq!(a.doubled_area(), 32);
        assert_eq!(a, b);
        assert_eq!(b.first_corner(), (0, 0));
        assert!(a.is_convex());
    }

    #[test]
    fn notch_is_not_convex() {
        let plot = Plot::try_from(vec![(0, 0), (4, 0), (1, 1), (0, 4)]).unwrap();
        assert!(!plot.is_convex());
        assert_eq!(plot.doubled_area(), 8);
    }

    #[test]
    fn bad_plots() {
        let two = Plot::try_from(vec![(0, 0), (1, 1)]);
        assert_eq!(two, Err(PlotError::TooFewCorners(2)));
        let flat = Plot::try_from(vec![(0, 0), (1, 1), (2, 2)]);
        assert_eq!(flat.unwrap_err(), PlotError::Flat);
    }
}
