use std::collections::HashMap;

/// Old and short spellings of options, each leading to another name.
#[derive(Debug, Clone, Default)]
pub struct Aliases<'a> {
    table: HashMap<&'a str, &'a str>,
}

impl<'a> Aliases<'a> {
    pub fn from_lines(text: &'a str) -> Self {
        let table = text.lines().filter_map(|l| l.split_once(" -> ")).collect();
        Aliases { table }
    }

    /// Follows aliases to the end; a loop yields nothing.
    pub fn canonical<'s>(&self, name: &'s str) -> Option<&'s str>
    where
        'a: 's,
    {
        let mut current = name;
        for _ in 0..=self.table.len() {
            match self.table.get(current) {
                Some(next) => current = next,
                None => return Some(current),
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows() {
        let text = String::from("v -> verb\nverb -> verbose\nignored line");
        let aliases = Aliases::from_lines(&text);
        assert_eq!(aliases.canonical("v"), Some("verbose"));
        assert_eq!(aliases.clone().canonical("quiet"), Some("quiet"));
    }

    #[test]
    fn loops() {
        let aliases = Aliases::from_lines("a -> b\nb -> a\nc -> d");
        assert_eq!(aliases.canonical("a"), None);
        assert_eq!(aliases.canonical("c"), Some("d"));
    }
}
