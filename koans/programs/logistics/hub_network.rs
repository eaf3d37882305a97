use std::collections::{BTreeMap, HashSet, VecDeque};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HubId(pub u16);

#[derive(Debug, Default)]
pub struct Network {
    lanes: BTreeMap<HubId, Vec<HubId>>,
    closed: HashSet<HubId>,
}

impl Network {
    pub fn connect(&mut self, a: HubId, b: HubId) {
        self.lanes.entry(a).or_default().push(b);
        self.lanes.entry(b).or_default().push(a);
    }

    pub fn close(&mut self, hub: HubId) -> bool {
        self.closed.insert(hub)
    }

    pub fn reopen(&mut self, hub: &HubId) -> bool {
        self.closed.remove(hub)
    }

    /// A way with as few transfers as possible around closed hubs.
    pub fn way(&self, from: HubId, to: HubId) -> Option<Vec<HubId>> {
        if self.closed.contains(&from) || self.closed.contains(&to) {
            return None;
        }
        let mut came_from = BTreeMap::new();
        let mut queue = VecDeque::from([from]);
        while let Some(hub) = queue.pop_front() {
            if hub == to {
                break;
            }
            for next in self.lanes.get(&hub).into_iter().flatten() {
                if *next != from && !self.closed.contains(next) && !came_from.contains_key(next) {
                    came_from.insert(*next, hub);
                    queue.push_back(*next);
                }
            }
        }
        let mut way = vec![to];
        let mut here = to;
        while here != from {
            here = *came_from.get(&here)?;
            way.push(here);
        }
        way.reverse();
        Some(way)
    }
}

fn main() {
    let mut network = Network::default();
    network.connect(HubId(1), HubId(2));
    network.connect(HubId(2), HubId(3));
    println!("{:?}", network.way(HubId(1), HubId(3)));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring() -> Network {
        let mut network = Network::default();
        for (a, b) in [(1, 2), (2, 3), (3, 4), (4, 5), (5, 1), (8, 9)] {
            network.connect(HubId(a), HubId(b));
        }
        network
    }

    #[test]
    fn short_way_and_detour() {
        let mut network = ring();
        assert_eq!(
            network.way(HubId(1), HubId(3)),
            Some(vec![HubId(1), HubId(2), HubId(3)])
        );
        assert!(network.close(HubId(2)));
        assert!(!network.close(HubId(2)));
        let detour = network.way(HubId(1), HubId(3)).unwrap();
        assert_eq!(detour, [HubId(1), HubId(5), HubId(4), HubId(3)]);
        assert!(network.reopen(&HubId(2)));
        assert_eq!(network.way(HubId(1), HubId(3)).unwrap().len(), 3);
    }

    #[test]
    fn no_way() {
        let mut network = ring();
        assert_eq!(network.way(HubId(1), HubId(9)), None);
        assert_eq!(network.way(HubId(4), HubId(4)), Some(vec![HubId(4)]));
        network.close(HubId(4));
        assert_eq!(network.way(HubId(4), HubId(4)), None);
    }
}
