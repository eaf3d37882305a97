pub struct Bus {
    seats: usize,
    riders: Vec<u8>,
}

impl Bus {
    pub fn new(seats: usize) -> Self {
        let riders = Vec::with_capacity(seats);
        Bus { seats, riders }
    }

    /// Riders for `stop` get off, then waiting ones board while seats last.
    pub fn call_at(&mut self, stop: u8, waiting: &mut Vec<u8>) -> (usize, usize) {
        let before = self.riders.len();
        self.riders.retain(|&target| target != stop);
        let off = before - self.riders.len();
        let boarding = waiting.len().min(self.seats + off - before);
        self.riders.extend(waiting.drain(..boarding));
        (off, boarding)
    }

    pub fn riders(&self) -> &[u8] {
        &self.riders
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_trip() {
        let mut bus = Bus::new(2);
        let mut north = vec![3, 4, 3];
        assert_eq!(bus.call_at(1, &mut north), (0, 2));
        assert_eq!(north, vec![3]);
        assert_eq!(bus.riders(), &[3, 4]);
        let mut mill = vec![9];
        assert_eq!(bus.call_at(3, &mut mill), (1, 1));
        assert_eq!(bus.riders(), &[4, 9]);
        assert!(mill.is_empty());
    }

    #[test]
    fn nobody_waits() {
        let mut bus = Bus::new(1);
        assert_eq!(bus.call_at(1, &mut Vec::new()), (0, 0));
        assert!(bus.riders().is_empty());
    }
}
