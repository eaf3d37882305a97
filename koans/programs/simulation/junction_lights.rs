#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lamp {
    Green,
    Amber,
    Red,
}

#[derive(Debug, Clone)]
pub struct Phase {
    pub lamp: Lamp,
    pub secs: u32,
}

pub fn phase(lamp: Lamp, secs: u32) -> Phase {
    Phase { lamp, secs }
}

/// The lamp shown `at` seconds after the cycle's start, and how long it still burns.
pub fn lamp_at(cycle: &[Phase], at: u32) -> Option<(Lamp, u32)> {
    let total: u32 = cycle.iter().map(|p| p.secs).sum();
    let mut rest = at.checked_rem(total)?;
    for p in cycle {
        if rest < p.secs {
            return Some((p.lamp, p.secs - rest));
        }
        rest -= p.secs;
    }
    None
}

pub fn share_of(cycle: &[Phase], lamp: Lamp) -> f64 {
    let total: u32 = cycle.iter().map(|p| p.secs).sum();
    let lit: u32 = cycle
        .iter()
        .filter(|p| p.lamp == lamp)
        .map(|p| p.secs)
        .sum();
    f64::from(lit) / f64::from(total)
}

fn main() {
    let cycle = vec![phase(Lamp::Red, 40), phase(Lamp::Green, 20)];
    if let Some((lamp, left)) = lamp_at(&cycle, 95) {
        println!("{lamp:?} for {left}s");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cycle() -> Vec<Phase> {
        vec![
            phase(Lamp::Green, 30),
            phase(Lamp::Amber, 5),
            phase(Lamp::Red, 25),
        ]
    }

    #[test]
    fn lamps_follow_the_cycle() {
        let c = cycle();
        assert_eq!(lamp_at(&c, 0), Some((Lamp::Green, 30)));
        assert_eq!(lamp_at(&c, 34), Some((Lamp::Amber, 1)));
        assert_eq!(lamp_at(&c, 60 + 40), Some((Lamp::Red, 20)));
        assert_eq!(lamp_at(&[], 3), None);
    }

    #[test]
    fn share_is_of_the_whole() {
        assert_eq!(share_of(&cycle(), Lamp::Green), 0.5);
        assert_eq!(share_of(&cycle(), Lamp::Red), 25.0 / 60.0);
    }
}
