/// A value that follows its input slowly.
pub struct Smooth {
    weight: f64,
    level: Option<f64>,
}

impl Smooth {
    pub fn with_weight(weight: f64) -> Self {
        Smooth {
            weight: weight.clamp(0.0, 1.0),
            level: None,
        }
    }

    pub fn update(&mut self, input: f64) -> f64 {
        let next = match self.level {
            None => input,
            Some(level) => level + self.weight * (input - level),
        };
        self.level = Some(next);
        next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows() {
        let mut smooth = Smooth::with_weight(0.25);
        assert_eq!(smooth.update(8.0), 8.0);
        assert_eq!(smooth.update(0.0), 6.0);
        assert_eq!(smooth.update(10.0), 7.0);
        let mut copycat = Smooth::with_weight(3.0);
        copycat.update(1.0);
        assert_eq!(copycat.update(5.0), 5.0);
    }

    #[test]
    fn first_input_sets_the_level() {
        assert_eq!(Smooth::with_weight(0.0).update(-4.5), -4.5);
        let mut stuck = Smooth::with_weight(-1.0);
        stuck.update(2.0);
        assert_eq!(stuck.update(9.0), 2.0);
    }
}
