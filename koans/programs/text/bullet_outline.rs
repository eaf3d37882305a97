use std::str::FromStr;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub depth: usize,
    pub label: String,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Outline(Vec<Item>);

#[derive(Debug, PartialEq, Eq)]
pub enum OutlineError {
    NoBullet(usize),
    Jump { line: usize, from: usize, to: usize },
}

impl FromStr for Outline {
    type Err = OutlineError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut items: Vec<Item> = Vec::new();
        for (i, raw) in text.lines().enumerate() {
            let body = raw.trim_start();
            let depth = (raw.len() - body.len()) / 2;
            let label = body
                .strip_prefix("- ")
                .ok_or(OutlineError::NoBullet(i + 1))?;
            let deepest = items.last().map_or(0, |item| item.depth + 1);
            if depth > deepest {
                let from = deepest.saturating_sub(1);
                return Err(OutlineError::Jump {
                    line: i + 1,
                    from,
                    to: depth,
                });
            }
            items.push(Item {
                depth,
                label: label.to_string(),
            });
        }
        Ok(Outline(items))
    }
}

impl Outline {
    /// Numbers such as `2.1` in front of each label.
    pub fn numbered(&self) -> Vec<String> {
        let mut counters: Vec<u32> = vec![];
        let mut out = Vec::with_capacity(self.0.len());
        for item in &self.0 {
            counters.resize(item.depth + 1, 0);
            counters[item.depth] += 1;
            let number: Vec<String> = counters.iter().map(u32::to_string).collect();
            out.push(format!("{} {}", number.join("."), item.label));
        }
        out
    }

    pub fn into_items(self) -> Vec<Item> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_levels() {
        let outline: Outline = "- a\n  - b\n  - c\n- d\n  - e".parse().unwrap();
        assert_eq!(
            outline.numbered(),
            ["1 a", "1.1 b", "1.2 c", "2 d", "2.1 e"]
        );
        let items = outline.into_items();
        assert_eq!(
            items[2],
            Item {
                depth: 1,
                label: "c".into()
            }
        );
    }

    #[test]
    fn rejects_jumps() {
        let error = "- a\n    - b".parse::<Outline>().unwrap_err();
        assert_eq!(
            error,
            OutlineError::Jump {
                line: 2,
                from: 0,
                to: 2
            }
        );
    }

    #[test]
    fn rejects_plain_lines() {
        assert_eq!(Outline::from_str("- a\nb"), Err(OutlineError::NoBullet(2)));
    }
}
