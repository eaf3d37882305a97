/// A straight line fitted to calibration pairs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fit {
    pub slope: f64,
    pub offset: f64,
}

impl Fit {
    pub fn predict(self, raw: f64) -> f64 {
        self.slope * raw + self.offset
    }
}

pub fn fit_line<'a, I>(pairs: I) -> Option<Fit>
where
    I: IntoIterator<Item = &'a (f64, f64)>,
    I::IntoIter: Clone,
{
    let pairs = pairs.into_iter();
    let count = pairs.clone().count() as f64;
    let mean_x = pairs.clone().map(|(x, _)| x).sum::<f64>() / count;
    let mean_y = pairs.clone().map(|(_, y)| y).sum::<f64>() / count;
    let (mut spread, mut shared) = (0.0, 0.0);
    for (x, y) in pairs {
        spread += (x - mean_x).powi(2);
        shared += (x - mean_x) * (y - mean_y);
    }
    if !(spread > 0.0) {
        return None;
    }
    let slope = shared / spread;
    Some(Fit {
        slope,
        offset: mean_y - slope * mean_x,
    })
}

pub fn worst_error(fit: Fit, pairs: &[(f64, f64)]) -> f64 {
    let errors = pairs
        .iter()
        .map(|&(raw, truth)| (fit.predict(raw) - truth).abs());
    errors.fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_line() {
        let pairs = vec![(0.0, 1.0), (2.0, 5.0), (4.0, 9.0)];
        let fit = fit_line(&pairs).unwrap();
        assert_eq!((fit.slope, fit.offset), (2.0, 1.0));
        assert_eq!(fit.predict(10.0), 21.0);
        assert_eq!(worst_error(fit, &pairs), 0.0);
        assert_eq!(worst_error(fit, &[(1.0, 2.5), (0.0, 1.25)]), 0.5);
    }

    #[test]
    fn no_spread_no_line() {
        assert_eq!(fit_line(&[(3.0, 1.0), (3.0, 2.0)]), None);
        assert_eq!(fit_line(&[]), None);
    }
}
