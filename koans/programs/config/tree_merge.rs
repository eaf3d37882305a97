use std::collections::btree_map::{BTreeMap, Entry};

#[derive(Debug, Clone, PartialEq)]
pub enum Tree {
    Leaf(String),
    Many(Vec<String>),
    Branch(BTreeMap<String, Tree>),
}

impl From<&str> for Tree {
    fn from(text: &str) -> Self {
        Tree::Leaf(text.to_string())
    }
}

impl<const N: usize> From<[(&str, Tree); N]> for Tree {
    fn from(pairs: [(&str, Tree); N]) -> Self {
        Tree::Branch(pairs.into_iter().map(|(k, v)| (k.to_string(), v)).collect())
    }
}

impl Tree {
    /// Branches are merged key by key, lists are joined, anything else is replaced.
    pub fn merge(&mut self, other: Tree) {
        match (self, other) {
            (Tree::Branch(mine), Tree::Branch(theirs)) => {
                for (key, value) in theirs {
                    match mine.entry(key) {
                        Entry::Occupied(mut slot) => slot.get_mut().merge(value),
                        Entry::Vacant(slot) => {
                            slot.insert(value);
                        }
                    }
                }
            }
            (Tree::Many(mine), Tree::Many(mut theirs)) => mine.append(&mut theirs),
            (mine, theirs) => *mine = theirs,
        }
    }

    pub fn at(&self, path: &str) -> Option<&Tree> {
        path.split('.').try_fold(self, |tree, key| match tree {
            Tree::Branch(children) => children.get(key),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn many(items: &[&str]) -> Tree {
        Tree::Many(items.iter().map(|s| s.to_string()).collect())
    }

    #[test]
    fn merges_deeply() {
        let mut base = Tree::from([
            (
                "log",
                Tree::from([("level", "info".into()), ("to", many(&["file"]))]),
            ),
            ("name", "x".into()),
        ]);
        let extra = Tree::from([
            (
                "log",
                Tree::from([("level", "warn".into()), ("to", many(&["mail"]))]),
            ),
            ("new", Tree::from([("a", "1".into())])),
        ]);
        base.merge(extra.clone());
        assert_eq!(base.at("log.level"), Some(&"warn".into()));
        assert_eq!(base.at("log.to"), Some(&many(&["file", "mail"])));
        assert_eq!(base.at("name"), Some(&"x".into()));
        assert_eq!(base.at("new"), extra.at("new"));
    }

    #[test]
    fn paths() {
        let tree = Tree::from([("a", Tree::from([("b", "c".into())]))]);
        assert_eq!(tree.at("a.b.c"), None);
        assert_eq!(tree.at("b"), None);
    }

    #[test]
    fn replaces_other_kinds() {
        let mut tree = many(&["a"]);
        tree.merge("b".into());
        assert_eq!(tree, Tree::Leaf("b".to_string()));
    }
}
