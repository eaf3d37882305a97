#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    Sea,
    Harbor,
}

/// Gates to open in turn so that all waiting ships get through the lock, `room` at a time.
pub fn cycles(waiting: &mut [(Gate, u32)], mut side: Gate, room: u32) -> Vec<Gate> {
    let mut opened = Vec::new();
    while waiting.iter().any(|(_, ships)| *ships > 0) {
        opened.push(side);
        let mut free = room;
        for (_, ships) in waiting.iter_mut().filter(|(gate, _)| *gate == side) {
            let let_in = free.min(*ships);
            *ships -= let_in;
            free -= let_in;
        }
        side = match side {
            Gate::Sea => Gate::Harbor,
            Gate::Harbor => Gate::Sea,
        };
    }
    opened
}

#[cfg(test)]
mod tests {
    use super::Gate::*;
    use super::*;

    #[test]
    fn both_sides_take_turns() {
        let mut ships = vec![(Sea, 5), (Harbor, 1)];
        assert_eq!(cycles(&mut ships, Sea, 3), [Sea, Harbor, Sea]);
        assert_eq!(ships, [(Sea, 0), (Harbor, 0)]);
    }

    #[test]
    fn groups_share_the_room() {
        let mut ships = [(Harbor, 2), (Harbor, 2)];
        assert_eq!(cycles(&mut ships, Sea, 3), [Sea, Harbor, Sea, Harbor]);
        assert!(cycles(&mut ships, Harbor, 3).is_empty());
    }
}
