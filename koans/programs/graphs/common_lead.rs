use std::collections::HashMap;

/// Folder names mapped to the folder they lie in.
pub struct Folders<'a> {
    parent: HashMap<&'a str, &'a str>,
}

impl<'a> Folders<'a> {
    pub fn new(pairs: &[(&'a str, &'a str)]) -> Self {
        Folders {
            parent: pairs.iter().copied().collect(),
        }
    }

    pub fn path_up(&self, folder: &'a str) -> impl Iterator<Item = &'a str> + '_ {
        std::iter::successors(Some(folder), move |at| self.parent.get(at).copied())
    }

    pub fn nearest_shared(&self, a: &'a str, b: &'a str) -> Option<&'a str> {
        let above: Vec<&str> = self.path_up(b).collect();
        self.path_up(a).find(|folder| above.contains(folder))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_folder() {
        let folders = Folders::new(&[("b", "a"), ("c", "b"), ("d", "b"), ("e", "a")]);
        assert_eq!(folders.nearest_shared("c", "d"), Some("b"));
        assert_eq!(folders.nearest_shared("e", "d"), Some("a"));
        assert_eq!(folders.nearest_shared("b", "c"), Some("b"));
        assert_eq!(folders.nearest_shared("c", "zzz"), None);
    }

    #[test]
    fn path_ends_at_top() {
        let folders = Folders::new(&[("b", "a"), ("c", "b")]);
        assert_eq!(folders.path_up("c").collect::<Vec<_>>(), ["c", "b", "a"]);
    }
}
