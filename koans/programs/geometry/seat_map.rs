/// Reads a room plan: `#` is a desk, anything else is floor.
pub fn desks(plan: &str) -> Vec<(usize, usize)> {
    plan.lines()
        .enumerate()
        .flat_map(|(row, line)| line.match_indices('#').map(move |(col, _)| (col, row)))
        .collect()
}

/// The desk farthest from the door, counted in steps along the walls.
pub fn quietest(plan: &str, door: (usize, usize)) -> Option<(usize, usize)> {
    let steps = |desk: &(usize, usize)| desk.0.abs_diff(door.0) + desk.1.abs_diff(door.1);
    desks(plan).into_iter().max_by_key(steps)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAN: &str = "#..#\n....\n.#..";

    #[test]
    fn finds_desks() {
        assert_eq!(desks(PLAN), [(0, 0), (3, 0), (1, 2)]);
        assert!(desks("...").is_empty());
    }

    #[test]
    fn far_from_the_door() {
        assert_eq!(quietest(PLAN, (0, 0)), Some((1, 2)));
        assert_eq!(quietest(PLAN, (3, 2)), Some((0, 0)));
        assert_eq!(quietest("", (0, 0)), None);
    }
}
