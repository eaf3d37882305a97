#[derive(Debug, Clone, PartialEq)]
pub enum Outline {
    Leaf(String, u32),
    Branch(String, Vec<Outline>),
}

impl Outline {
    pub fn title(&self) -> &str {
        match self {
            Outline::Leaf(title, _) | Outline::Branch(title, _) => title,
        }
    }

    pub fn pages(&self) -> u32 {
        match self {
            Outline::Leaf(_, pages) => *pages,
            Outline::Branch(_, parts) => parts.iter().map(Outline::pages).sum(),
        }
    }

    /// Drops leaves with fewer pages than `least`, then empty branches.
    pub fn pruned(self, least: u32) -> Option<Outline> {
        match self {
            Outline::Leaf(_, pages) if pages < least => None,
            Outline::Leaf(..) => Some(self),
            Outline::Branch(title, parts) => {
                let parts: Vec<Outline> = parts
                    .into_iter()
                    .filter_map(|part| part.pruned(least))
                    .collect();
                if parts.is_empty() {
                    return None;
                }
                Some(Outline::Branch(title, parts))
            }
        }
    }

    pub fn longest_path(&self) -> Vec<&str> {
        let mut path = vec![self.title()];
        if let Outline::Branch(_, parts) = self {
            let deepest = parts
                .iter()
                .map(|part| part.longest_path())
                .max_by_key(Vec::len);
            path.extend(deepest.unwrap_or_default());
        }
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(title: &str, pages: u32) -> Outline {
        Outline::Leaf(title.to_string(), pages)
    }

    fn branch(title: &str, parts: Vec<Outline>) -> Outline {
        Outline::Branch(title.to_string(), parts)
    }

    fn guide() -> Outline {
        let tools = branch("tools", vec![leaf("saw", 2), leaf("drill", 7)]);
        branch("guide", vec![leaf("intro", 3), tools])
    }

    #[test]
    fn pages_and_depth() {
        let guide = guide();
        assert_eq!(guide.pages(), 12);
        assert_eq!(guide.longest_path().len(), 3);
        assert_eq!(guide.longest_path()[..2], ["guide", "tools"]);
    }

    #[test]
    fn pruning() {
        let whole = guide();
        let small = whole.clone().pruned(4).unwrap();
        let expected = branch("guide", vec![branch("tools", vec![leaf("drill", 7)])]);
        assert_eq!(small, expected);
        assert_eq!(whole.pruned(8), None);
    }
}
