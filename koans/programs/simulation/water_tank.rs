pub struct Tank {
    capacity: f64,
    level: f64,
    spilled: f64,
}

impl Tank {
    pub fn new(capacity: f64) -> Tank {
        Tank {
            capacity,
            level: 0.0,
            spilled: 0.0,
        }
    }

    pub fn fill(&mut self, litres: f64) -> &mut Self {
        let wanted = self.level + litres;
        self.level = wanted.min(self.capacity);
        self.spilled += wanted - self.level;
        self
    }

    /// Takes at most what is there.
    pub fn drain(&mut self, litres: f64) -> f64 {
        let got = litres.min(self.level);
        self.level -= got;
        got
    }

    pub fn report(&self) -> (f64, f64) {
        (self.level, self.spilled)
    }
}

/// Pours from one tank into the other, never more than fits.
pub fn pour(from: &mut Tank, to: &mut Tank, litres: f64) -> f64 {
    let room = to.capacity - to.level;
    let moved = from.drain(litres.min(room));
    to.fill(moved);
    moved
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overflow_is_counted() {
        let mut t = Tank::new(10.0);
        t.fill(4.0).fill(8.5);
        assert_eq!(t.report(), (10.0, 2.5));
        assert_eq!(t.drain(3.0), 3.0);
        assert_eq!(t.drain(30.0), 7.0);
    }

    #[test]
    fn pouring_respects_room() {
        let (mut a, mut b) = (Tank::new(20.0), Tank::new(5.0));
        a.fill(12.0);
        b.fill(2.0);
        assert_eq!(pour(&mut a, &mut b, 9.0), 3.0);
        assert_eq!(a.report(), (9.0, 0.0));
        assert_eq!(b.report(), (5.0, 0.0));
    }
}
