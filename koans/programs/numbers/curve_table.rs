#[derive(Debug, Clone, PartialEq)]
pub enum CurveError {
    Empty,
    Unordered { at: usize },
}

/// A curve through given points, straight in between.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    knots: Vec<(f64, f64)>,
}

impl Curve {
    pub fn through(knots: &[(f64, f64)]) -> Result<Curve, CurveError> {
        if knots.is_empty() {
            return Err(CurveError::Empty);
        }
        if let Some(at) = knots.windows(2).position(|pair| pair[0].0 >= pair[1].0) {
            return Err(CurveError::Unordered { at: at + 1 });
        }
        Ok(Curve {
            knots: knots.to_vec(),
        })
    }

    pub fn at(&self, x: f64) -> f64 {
        let right = self.knots.partition_point(|knot| knot.0 < x);
        if right == 0 {
            return self.knots[0].1;
        }
        let (x0, y0) = self.knots[right - 1];
        match self.knots.get(right) {
            Some(&(x1, y1)) => y0 + (y1 - y0) * (x - x0) / (x1 - x0),
            None => y0,
        }
    }

    pub fn map_y(mut self, change: impl Fn(f64) -> f64) -> Curve {
        for (_, y) in &mut self.knots {
            *y = change(*y);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn straight_between_knots() {
        let curve = Curve::through(&[(0.0, 10.0), (4.0, 20.0), (5.0, 0.0)]).unwrap();
        assert_eq!(curve.at(1.0), 12.5);
        assert_eq!(curve.at(4.0), 20.0);
        assert_eq!(curve.at(4.75), 5.0);
        assert_eq!((curve.at(-3.0), curve.at(9.0)), (10.0, 0.0));
    }

    #[test]
    fn mapping_leaves_the_original() {
        let curve = Curve::through(&[(0.0, 1.0), (1.0, 3.0)]).unwrap();
        let double = curve.clone().map_y(|y| y * 2.0);
        assert_eq!(double.at(0.5), 4.0);
        assert_eq!(curve.at(0.5), 2.0);
    }

    #[test]
    fn bad_knots() {
        assert_eq!(Curve::through(&[]), Err(CurveError::Empty));
        let error = Curve::through(&[(0.0, 1.0), (2.0, 1.0), (2.0, 5.0)]);
        assert_eq!(error, Err(CurveError::Unordered { at: 2 }));
    }
}
