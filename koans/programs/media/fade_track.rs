pub trait Signal {
    fn at(&self, frame: u32) -> f64;

    fn faded(self, frames: u32) -> FadeIn<Self>
    where
        Self: Sized,
    {
        FadeIn {
            inner: self,
            frames,
        }
    }
}

pub struct Steady(pub f64);

impl Signal for Steady {
    fn at(&self, _frame: u32) -> f64 {
        self.0
    }
}

pub struct FadeIn<S> {
    inner: S,
    frames: u32,
}

impl<S: Signal> Signal for FadeIn<S> {
    fn at(&self, frame: u32) -> f64 {
        let part = f64::from(frame) / f64::from(self.frames);
        self.inner.at(frame) * part.min(1.0)
    }
}

/// Sum of all tracks for a range of frames.
pub fn mix(tracks: &[Box<dyn Signal>], frames: std::ops::Range<u32>) -> Vec<f64> {
    frames
        .map(|f| tracks.iter().map(|t| t.at(f)).sum())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fades_in() {
        let s = Steady(8.0).faded(4);
        assert_eq!([s.at(0), s.at(1), s.at(4), s.at(9)], [0.0, 2.0, 8.0, 8.0]);
        let twice = Steady(8.0).faded(4).faded(2);
        assert_eq!(twice.at(1), 1.0);
    }

    #[test]
    fn mixes() {
        let tracks: Vec<Box<dyn Signal>> =
            vec![Box::new(Steady(1.0)), Box::new(Steady(4.0).faded(2))];
        assert_eq!(mix(&tracks, 0..3), [1.0, 3.0, 5.0]);
        assert!(mix(&tracks, 5..5).is_empty());
    }
}
