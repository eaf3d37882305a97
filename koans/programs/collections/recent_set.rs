/// The last few distinct documents opened, newest first.
#[derive(Debug, Clone)]
pub struct RecentSet<'a> {
    limit: usize,
    titles: Vec<&'a str>,
}

impl<'a> RecentSet<'a> {
    pub fn new(limit: usize) -> RecentSet<'a> {
        let titles = Vec::new();
        RecentSet { limit, titles }
    }

    pub fn open(&mut self, title: &'a str) -> Option<&'a str> {
        self.titles.retain(|held| *held != title);
        self.titles.insert(0, title);
        if self.titles.len() > self.limit {
            self.titles.pop()
        } else {
            None
        }
    }

    pub fn menu(&self) -> String {
        let rows: Vec<String> = self
            .titles
            .iter()
            .enumerate()
            .map(|(i, title)| format!("{} {}", i + 1, title))
            .collect();
        rows.join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newest_first() {
        let mut recent = RecentSet::new(2);
        assert_eq!(recent.open("plan"), None);
        assert_eq!(recent.open("bill"), None);
        assert_eq!(recent.open("plan"), None);
        assert_eq!(recent.menu(), "1 plan\n2 bill");
        assert_eq!(recent.open("note"), Some("bill"));
    }

    #[test]
    fn clone_is_a_snapshot() {
        let text = String::from("a b");
        let mut recent = RecentSet::new(3);
        let before = recent.clone();
        for word in text.split(' ') {
            recent.open(word);
        }
        assert_eq!(before.menu(), "");
        assert_eq!(recent.menu(), "1 b\n2 a");
    }
}
