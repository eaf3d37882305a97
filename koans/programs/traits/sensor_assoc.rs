pub trait Sensor {
    type Reading: Copy + PartialOrd;
    const LABEL: &'static str;

    fn sample(&mut self) -> Option<Self::Reading>;
}

/// Replays a recorded list of temperatures, in tenths of a degree.
pub struct Replay {
    values: Vec<i32>,
    at: usize,
}

impl Replay {
    pub fn new(values: &[i32]) -> Self {
        Self {
            values: values.to_vec(),
            at: 0,
        }
    }
}

impl Sensor for Replay {
    type Reading = i32;
    const LABEL: &'static str = "replay";

    fn sample(&mut self) -> Option<i32> {
        let value = self.values.get(self.at).copied()?;
        self.at += 1;
        Some(value)
    }
}

pub struct Ramp {
    pub level: f64,
    pub step: f64,
    pub stop: f64,
}

impl Sensor for Ramp {
    type Reading = f64;
    const LABEL: &'static str = "ramp";

    fn sample(&mut self) -> Option<Self::Reading> {
        if self.level > self.stop {
            return None;
        }
        let now = self.level;
        self.level += self.step;
        Some(now)
    }
}

pub fn peak<S: Sensor>(sensor: &mut S) -> Option<(&'static str, S::Reading)> {
    let mut best = sensor.sample()?;
    while let Some(next) = sensor.sample() {
        if next > best {
            best = next;
        }
    }
    Some((S::LABEL, best))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replay_peak() {
        let mut sensor = Replay::new(&[210, 245, -30]);
        assert_eq!(peak(&mut sensor), Some(("replay", 245)));
        assert_eq!(peak(&mut sensor), None);
    }

    #[test]
    fn ramp_peak() {
        let mut ramp = Ramp {
            level: 0.5,
            step: 0.25,
            stop: 1.25,
        };
        assert_eq!(peak(&mut ramp), Some(("ramp", 1.25)));
        assert_eq!(ramp.sample(), None);
    }
}
