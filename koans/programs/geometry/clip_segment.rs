type Point = (f64, f64);

#[derive(Debug, Clone, Copy)]
pub struct Frame {
    pub min: Point,
    pub max: Point,
}

/// Cuts a line segment down to the part inside the frame.
pub fn clip(frame: &Frame, from: Point, to: Point) -> Option<(Point, Point)> {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let bounds = [
        (-dx, from.0 - frame.min.0),
        (dx, frame.max.0 - from.0),
        (-dy, from.1 - frame.min.1),
        (dy, frame.max.1 - from.1),
    ];
    let mut enter: f64 = 0.0;
    let mut leave: f64 = 1.0;
    for (direction, distance) in bounds {
        if direction == 0.0 {
            if distance < 0.0 {
                return None;
            }
            continue;
        }
        let at = distance / direction;
        if direction < 0.0 {
            enter = enter.max(at);
        } else {
            leave = leave.min(at);
        }
    }
    let along = |t: f64| (from.0 + t * dx, from.1 + t * dy);
    (enter <= leave).then(|| (along(enter), along(leave)))
}

pub fn clip_all(frame: &Frame, lines: &[(Point, Point)]) -> Vec<(Point, Point)> {
    lines
        .iter()
        .filter_map(|&(from, to)| clip(frame, from, to))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Frame = Frame {
        min: (0.0, 0.0),
        max: (8.0, 4.0),
    };

    #[test]
    fn crossing_lines_are_cut() {
        let cut = clip(&FRAME, (-4.0, 2.0), (12.0, 2.0));
        assert_eq!(cut, Some(((0.0, 2.0), (8.0, 2.0))));
        let cut = clip(&FRAME, (2.0, 2.0), (2.0, 10.0));
        assert_eq!(cut, Some(((2.0, 2.0), (2.0, 4.0))));
    }

    #[test]
    fn outside_lines_vanish() {
        let lines = [
            ((0.0, 5.0), (8.0, 5.0)),
            ((1.0, 1.0), (2.0, 3.0)),
            ((-2.0, 3.0), (1.0, 7.0)),
        ];
        assert_eq!(clip_all(&FRAME, &lines), [((1.0, 1.0), (2.0, 3.0))]);
    }
}
