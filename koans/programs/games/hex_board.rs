use std::collections::HashSet;
use std::ops::Add;

/// Axial coordinates of a hexagonal cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hex {
    pub q: i32,
    pub r: i32,
}

impl Add for Hex {
    type Output = Hex;
    fn add(self, o: Hex) -> Hex {
        Hex {
            q: self.q + o.q,
            r: self.r + o.r,
        }
    }
}

const DIRS: [Hex; 6] = [
    Hex { q: 1, r: 0 },
    Hex { q: 1, r: -1 },
    Hex { q: 0, r: -1 },
    Hex { q: -1, r: 0 },
    Hex { q: -1, r: 1 },
    Hex { q: 0, r: 1 },
];

pub fn steps_between(a: Hex, b: Hex) -> i32 {
    let (dq, dr) = (a.q - b.q, a.r - b.r);
    (dq.abs() + dr.abs() + (dq + dr).abs()) / 2
}

/// All cells a unit reaches in `moves` steps without crossing `walls`.
pub fn reach(start: Hex, moves: u8, walls: &HashSet<Hex>) -> HashSet<Hex> {
    let mut seen = HashSet::from([start]);
    let mut edge = vec![start];
    for _ in 0..moves {
        let mut next = Vec::new();
        for cell in &edge {
            for dir in DIRS {
                let to = *cell + dir;
                if !walls.contains(&to) && seen.insert(to) {
                    next.push(to);
                }
            }
        }
        edge = next;
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOME: Hex = Hex { q: 0, r: 0 };

    #[test]
    fn distance() {
        assert_eq!(steps_between(HOME, Hex { q: 2, r: -1 }), 2);
        assert_eq!(steps_between(Hex { q: 1, r: 1 }, Hex { q: -1, r: -1 }), 4);
    }

    #[test]
    fn open_field() {
        let none = HashSet::new();
        assert_eq!(reach(HOME, 0, &none).len(), 1);
        assert_eq!(reach(HOME, 1, &none).len(), 7);
        assert_eq!(reach(HOME, 2, &none).len(), 19);
    }

    #[test]
    fn walled_in() {
        let mut walls: HashSet<Hex> = DIRS.into_iter().collect();
        assert_eq!(reach(HOME, 5, &walls).len(), 1);
        walls.remove(&Hex { q: 1, r: 0 });
        let found = reach(HOME, 1, &walls);
        assert!(found.contains(&Hex { q: 1, r: 0 }));
        assert_eq!(found.len(), 2);
    }
}
