use std::cmp::Reverse;
use std::collections::BinaryHeap;

type Action<S> = Box<dyn FnOnce(&mut S) -> Vec<(u64, Planned)>>;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Planned(pub String);

/// Runs named events in order of time; a handler may plan further ones.
pub struct EventClock {
    heap: BinaryHeap<Reverse<(u64, u32, Planned)>>,
    serial: u32,
}

impl EventClock {
    pub fn new() -> Self {
        EventClock {
            heap: BinaryHeap::new(),
            serial: 0,
        }
    }

    pub fn plan(&mut self, at: u64, name: impl Into<String>) {
        let event = Planned(name.into());
        self.heap.push(Reverse((at, self.serial, event)));
        self.serial += 1;
    }

    pub fn run<S, F>(&mut self, state: &mut S, until: u64, handler: F) -> usize
    where
        F: Fn(&str) -> Action<S>,
    {
        let mut handled = 0;
        while let Some(Reverse((at, _, event))) = self.heap.pop() {
            if at > until {
                self.plan(at, event.0);
                break;
            }
            handled += 1;
            for (delay, follow) in handler(&event.0)(state) {
                self.plan(at + delay, follow.0);
            }
        }
        handled
    }
}

impl Default for EventClock {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn react(name: &str) -> Action<Vec<String>> {
        let name = name.to_string();
        Box::new(move |seen| {
            seen.push(name.clone());
            if name == "tide" {
                vec![(12, Planned(name))]
            } else {
                vec![]
            }
        })
    }

    #[test]
    fn follow_ups_are_run() {
        let mut clock = EventClock::new();
        clock.plan(20, "ferry");
        clock.plan(3, "tide");
        let mut seen = Vec::new();
        assert_eq!(clock.run(&mut seen, 26, react), 3);
        assert_eq!(seen, ["tide", "tide", "ferry"]);
        assert_eq!(clock.run(&mut seen, 27, react), 1);
        assert_eq!(seen.len(), 4);
    }

    #[test]
    fn ties_keep_planning_order() {
        let mut clock = EventClock::default();
        clock.plan(1, "b");
        clock.plan(1, String::from("a"));
        let mut seen = Vec::new();
        clock.run(&mut seen, 1, react);
        assert_eq!(seen, ["b", "a"]);
    }
}
