#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    pub minute: f64,
    pub celsius: f64,
}

/// Temperature the kiln should have at `minute`, between the given points on a straight line.
pub fn target(profile: &[Point], minute: f64) -> Option<f64> {
    let first = profile.first()?;
    if minute <= first.minute {
        return Some(first.celsius);
    }
    for pair in profile.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        if minute <= b.minute {
            let part = (minute - a.minute) / (b.minute - a.minute);
            return Some(a.celsius + (b.celsius - a.celsius) * part);
        }
    }
    profile.last().map(|p| p.celsius)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: f64, celsius: f64) -> Point {
        Point { minute, celsius }
    }

    #[test]
    fn between_and_beyond() {
        let p = [at(0.0, 20.0), at(60.0, 620.0), at(90.0, 500.0)];
        assert_eq!(target(&p, -5.0), Some(20.0));
        assert_eq!(target(&p, 30.0), Some(320.0));
        assert_eq!(target(&p, 75.0), Some(560.0));
        assert_eq!(target(&p, 200.0), Some(500.0));
    }

    #[test]
    fn nothing_planned() {
        assert_eq!(target(&[], 1.0), None);
    }
}
