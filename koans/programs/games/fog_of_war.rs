use std::collections::BTreeSet;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tile(pub i32, pub i32);

#[derive(Debug, Clone)]
pub struct Scout {
    pub at: Tile,
    pub sight: i32,
}

/// Adds the tiles the scouts see to the explored ones; gives how many are new.
pub fn explore(explored: &mut BTreeSet<Tile>, scouts: &[Scout]) -> usize {
    let before = explored.len();
    for Scout { at, sight } in scouts {
        for dx in -sight..=*sight {
            let reach = sight - dx.abs();
            explored.extend((-reach..=reach).map(|dy| Tile(at.0 + dx, at.1 + dy)));
        }
    }
    explored.len() - before
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn diamonds_of_sight() {
        let mut map = BTreeSet::new();
        let mut scout = Scout {
            at: Tile(5, 5),
            sight: 2,
        };
        assert_eq!(explore(&mut map, &[scout.clone()]), 13);
        assert_eq!(map.first(), Some(&Tile(3, 5)));
        scout.at = Tile(6, 5);
        assert_eq!(explore(&mut map, &[scout]), 5);
        assert!(map.contains(&Tile(6, 7)) && !map.contains(&Tile(3, 6)));
    }

    #[test]
    fn blind_scout() {
        let mut map = BTreeSet::from([Tile(0, 0)]);
        let blind = Scout {
            at: Tile(0, 1),
            sight: 0,
        };
        assert_eq!(explore(&mut map, &[blind.clone(), blind]), 1);
    }
}
