#[derive(Debug, Clone, PartialEq)]
pub enum Brewer {
    Cold,
    Heating(f32),
    Ready { cups: u8 },
}

impl Brewer {
    /// Adds heat; at 90 degrees the machine has water for four cups.
    pub fn heat(&mut self, degrees: f32) {
        *self = match self {
            Brewer::Cold => Brewer::Heating(20.0 + degrees),
            Brewer::Heating(now) if *now + degrees >= 90.0 => Brewer::Ready { cups: 4 },
            Brewer::Heating(now) => Brewer::Heating(*now + degrees),
            Brewer::Ready { cups } => Brewer::Ready { cups: *cups },
        };
    }

    pub fn pour(&mut self) -> bool {
        let Brewer::Ready { cups } = self else {
            return false;
        };
        *cups -= 1;
        if *cups == 0 {
            *self = Brewer::Cold;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heats_up() {
        let mut brewer = Brewer::Cold;
        brewer.heat(30.0);
        assert_eq!(brewer, Brewer::Heating(50.0));
        brewer.heat(30.0);
        assert_eq!(brewer, Brewer::Heating(80.0));
        assert!(!brewer.pour());
        brewer.heat(10.0);
        brewer.heat(10.0);
        assert_eq!(brewer, Brewer::Ready { cups: 4 });
    }

    #[test]
    fn pours_until_empty() {
        let mut brewer = Brewer::Ready { cups: 2 };
        assert!(brewer.pour());
        assert_eq!(brewer, Brewer::Ready { cups: 1 });
        assert!(brewer.pour());
        assert_eq!(brewer, Brewer::Cold);
    }
}
