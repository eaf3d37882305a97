use std::collections::{HashMap, HashSet};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Way {
    North,
    East,
    South,
    West,
}

impl Way {
    pub fn back(self) -> Way {
        match self {
            Way::North => Way::South,
            Way::South => Way::North,
            Way::East => Way::West,
            Way::West => Way::East,
        }
    }
}

#[derive(Debug, Default)]
pub struct Dungeon {
    doors: HashMap<(String, Way), String>,
    locks: HashMap<(String, Way), String>,
}

impl Dungeon {
    /// Joins two rooms, passable both ways.
    pub fn join(&mut self, from: &str, way: Way, to: &str) -> &mut Self {
        self.doors.insert((from.to_string(), way), to.to_string());
        self.doors
            .insert((to.to_string(), way.back()), from.to_string());
        self
    }

    pub fn lock(&mut self, room: &str, way: Way, key: &str) {
        self.locks.insert((room.into(), way), key.into());
    }

    pub fn walk<'d>(
        &'d self,
        start: &'d str,
        path: &[Way],
        keys: &HashSet<&str>,
    ) -> Result<&'d str, String> {
        let mut room = start;
        for way in path {
            let door = (room.to_string(), *way);
            if let Some(key) = self.locks.get(&door) {
                if !keys.contains(key.as_str()) {
                    return Err(format!("{room}: needs {key}"));
                }
            }
            room = self
                .doors
                .get(&door)
                .ok_or_else(|| format!("{room}: wall at {way:?}"))?;
        }
        Ok(room)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cellar() -> Dungeon {
        let mut d = Dungeon::default();
        d.join("hall", Way::East, "crypt")
            .join("crypt", Way::North, "vault");
        d.lock("crypt", Way::North, "bone key");
        d
    }

    #[test]
    fn there_and_back() {
        let d = cellar();
        let none = HashSet::new();
        assert_eq!(d.walk("hall", &[Way::East], &none), Ok("crypt"));
        let round = [Way::East, Way::West];
        assert_eq!(d.walk("hall", &round, &none), Ok("hall"));
        assert_eq!(d.walk("hall", &[], &none), Ok("hall"));
        assert_eq!(Way::South.back(), Way::North);
    }

    #[test]
    fn locks_and_walls() {
        let d = cellar();
        let path = [Way::East, Way::North];
        let no = d.walk("hall", &path, &HashSet::new());
        assert_eq!(no, Err("crypt: needs bone key".to_string()));
        let keys = HashSet::from(["bone key"]);
        assert_eq!(d.walk("hall", &path, &keys), Ok("vault"));
        let wall = d.walk("vault", &[Way::West], &keys).unwrap_err();
        assert_eq!(wall, "vault: wall at West");
    }
}
