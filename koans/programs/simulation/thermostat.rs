/// Heating with hysteresis: on below `low`, off above `high`, else unchanged.
#[derive(Debug, Clone)]
pub struct Thermostat {
    low: i16,
    high: i16,
    on: bool,
    switches: u32,
}

#[derive(Debug, PartialEq, Eq)]
pub struct BadBand(pub i16, pub i16);

impl Thermostat {
    pub fn new(low: i16, high: i16) -> Result<Self, BadBand> {
        if low >= high {
            return Err(BadBand(low, high));
        }
        Ok(Self {
            low,
            high,
            on: false,
            switches: 0,
        })
    }

    pub fn feel(&mut self, tenths: i16) -> bool {
        let wanted = if tenths < self.low {
            true
        } else if tenths > self.high {
            false
        } else {
            self.on
        };
        if wanted != self.on {
            self.switches += 1;
            self.on = wanted;
        }
        self.on
    }

    pub fn switches(&self) -> u32 {
        self.switches
    }
}

pub fn room_trace(ctl: &Thermostat, start: i16, steps: usize) -> Vec<i16> {
    let mut ctl = ctl.clone();
    let mut temp = start;
    (0..steps)
        .map(|_| {
            temp += if ctl.feel(temp) { 4 } else { -3 };
            temp
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hysteresis() {
        let mut t = Thermostat::new(190, 210).unwrap();
        let seen: Vec<bool> = [200, 189, 200, 210, 211, 190]
            .iter()
            .map(|x| t.feel(*x))
            .collect();
        assert_eq!(seen, [false, true, true, true, false, false]);
        assert_eq!(t.switches(), 2);
    }

    #[test]
    fn trace_leaves_controller_alone() {
        let t = Thermostat::new(190, 194).unwrap();
        assert_eq!(room_trace(&t, 192, 5), vec![189, 193, 197, 194, 191]);
        assert_eq!(t.switches(), 0);
    }

    #[test]
    fn band_must_open() {
        assert_eq!(Thermostat::new(5, 5).err(), Some(BadBand(5, 5)));
    }
}
