use std::fmt;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Health {
    Up,
    Degraded,
    Down,
}

impl fmt::Display for Health {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self {
            Health::Up => "up",
            Health::Degraded => "degraded",
            Health::Down => "down",
        };
        f.pad(word)
    }
}

pub trait Probe {
    fn name(&self) -> &str;
    fn check(&self) -> Health;
    fn essential(&self) -> bool {
        true
    }
}

/// Worst health of all; a failed optional part only degrades.
pub fn overall(probes: &[&dyn Probe]) -> Health {
    probes
        .iter()
        .map(|p| match p.check() {
            Health::Down if !p.essential() => Health::Degraded,
            h => h,
        })
        .max()
        .unwrap_or(Health::Up)
}

pub fn lines(probes: &[&dyn Probe]) -> String {
    let mut out = String::new();
    for p in probes {
        out.push_str(&format!("{:<9}{}\n", p.check(), p.name()));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed(&'static str, Health, bool);

    impl Probe for Fixed {
        fn name(&self) -> &str {
            self.0
        }
        fn check(&self) -> Health {
            self.1
        }
        fn essential(&self) -> bool {
            self.2
        }
    }

    struct Plain;

    impl Probe for Plain {
        fn name(&self) -> &str {
            "plain"
        }
        fn check(&self) -> Health {
            Health::Down
        }
    }

    #[test]
    fn worst_counts() {
        let db = Fixed("db", Health::Up, true);
        let mail = Fixed("mail", Health::Down, false);
        assert_eq!(overall(&[&db]), Health::Up);
        assert_eq!(overall(&[&db, &mail]), Health::Degraded);
        assert_eq!(overall(&[&mail, &Plain, &db]), Health::Down);
        assert_eq!(overall(&[]), Health::Up);
    }

    #[test]
    fn text() {
        let db = Fixed("db", Health::Degraded, true);
        assert_eq!(lines(&[&db, &Plain]), "degraded db\ndown     plain\n");
    }
}
