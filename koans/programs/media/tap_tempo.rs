#[derive(Debug, Default)]
pub struct TapTempo {
    taps: Vec<u32>,
}

impl TapTempo {
    /// Notes a tap in milliseconds; a pause above two seconds starts anew.
    pub fn tap(&mut self, at: u32) -> Option<f64> {
        if self.taps.last().is_some_and(|last| at - last > 2000) {
            self.taps.clear();
        }
        self.taps.push(at);
        self.bpm()
    }

    fn bpm(&self) -> Option<f64> {
        let gaps: Vec<u32> = self.taps.windows(2).map(|w| w[1] - w[0]).collect();
        let sum: u32 = gaps.iter().sum();
        (sum > 0).then(|| 60_000.0 * gaps.len() as f64 / f64::from(sum))
    }
}

fn main() {
    let mut tempo = TapTempo::default();
    for at in [0, 480, 1010, 1500] {
        if let Some(bpm) = tempo.tap(at) {
            println!("{bpm:.1}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steady_taps() {
        let mut t = TapTempo::default();
        assert_eq!(t.tap(1000), None);
        assert_eq!(t.tap(1500), Some(120.0));
        assert_eq!(t.tap(2500), Some(80.0));
    }

    #[test]
    fn pause_starts_anew() {
        let mut t = TapTempo::default();
        t.tap(0);
        t.tap(2000);
        assert_eq!(t.tap(4001), None);
        assert_eq!(t.tap(4601), Some(100.0));
    }
}
