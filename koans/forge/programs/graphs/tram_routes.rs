use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trip {
    pub minutes: u32,
    pub stops: Vec<String>,
}

#[derive(Default)]
pub struct TramNet {
    ids: HashMap<String, usize>,
    names: Vec<String>,
    rides: Vec<Vec<(usize, u32)>>,
}

impl TramNet {
    fn stop(&mut self, name: &str) -> usize {
        if let Some(&id) = self.ids.get(name) {
            return id;
        }
        let id = self.names.len();
        self.ids.insert(name.to_string(), id);
        self.names.push(name.to_string());
        self.rides.push(Vec::new());
        id
    }

    pub fn connect(&mut self, a: &str, b: &str, minutes: u32) {
        let (a, b) = (self.stop(a), self.stop(b));
        self.rides[a].push((b, minutes));
        self.rides[b].push((a, minutes));
    }

    pub fn quickest(&self, from: &str, to: &str) -> Option<Trip> {
        let start = *self.ids.get(from)?;
        let goal = *self.ids.get(to)?;
        let mut best: Vec<Option<(u32, usize)>> = vec![None; self.names.len()];
        let mut queue = BinaryHeap::from([Reverse((0u32, start, start))]);
        while let Some(Reverse((minutes, here, before))) = queue.pop() {
            if best[here].is_some() {
                continue;
            }
            best[here] = Some((minutes, before));
            for &(next, ride) in &self.rides[here] {
                queue.push(Reverse((minutes + ride, next, here)));
            }
        }
        let (minutes, _) = best[goal]?;
        let mut stops = vec![self.names[goal].clone()];
        let mut at = goal;
        while at != start {
            at = best[at]?.1;
            stops.push(self.names[at].clone());
        }
        stops.reverse();
        Some(Trip { minutes, stops })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn net() -> TramNet {
        let mut net = TramNet::default();
        net.connect("Mill", "Dock", 9);
        net.connect("Mill", "Park", 2);
        net.connect("Park", "Dock", 4);
        net.connect("Dock", "Zoo", 1);
        net.connect("Fair", "Lake", 5);
        net
    }

    #[test]
    fn detours_may_win() {
        let trip = net().quickest("Zoo", "Mill").unwrap();
        assert_eq!(trip.minutes, 7);
        assert_eq!(trip.stops, ["Zoo", "Dock", "Park", "Mill"]);
    }

    #[test]
    fn staying_costs_nothing() {
        let trip = net().quickest("Park", "Park");
        let stay = Trip {
            minutes: 0,
            stops: vec!["Park".to_string()],
        };
        assert_eq!(trip, Some(stay.clone()));
    }

    #[test]
    fn no_way() {
        assert_eq!(net().quickest("Mill", "Lake"), None);
        assert_eq!(net().quickest("Mill", "Moon"), None);
    }
}
