use std::collections::BTreeMap;

#[derive(Debug, PartialEq, Eq)]
pub enum PackError {
    TooHeavy { over: u32 },
    NotEnough(String),
}

#[derive(Debug, Clone)]
pub struct Item {
    pub name: String,
    pub grams: u32,
}

/// Stacks of items under a weight limit.
#[derive(Debug)]
pub struct Backpack {
    limit: u32,
    stacks: BTreeMap<String, (Item, u32)>,
}

impl Backpack {
    pub fn new(limit: u32) -> Self {
        Backpack {
            limit,
            stacks: BTreeMap::new(),
        }
    }

    pub fn weight(&self) -> u32 {
        self.stacks.values().map(|(i, n)| i.grams * n).sum()
    }

    pub fn add(&mut self, item: &Item, count: u32) -> Result<u32, PackError> {
        let heavy = self.weight() + item.grams * count;
        if heavy > self.limit {
            return Err(PackError::TooHeavy {
                over: heavy - self.limit,
            });
        }
        let stack = self
            .stacks
            .entry(item.name.clone())
            .or_insert_with(|| (item.clone(), 0));
        stack.1 += count;
        Ok(stack.1)
    }

    pub fn take(&mut self, name: &str, count: u32) -> Result<Item, PackError> {
        let lacking = || PackError::NotEnough(name.to_string());
        let (item, held) = self.stacks.get_mut(name).ok_or_else(lacking)?;
        *held = held.checked_sub(count).ok_or_else(lacking)?;
        let item = item.clone();
        self.stacks.retain(|_, (_, n)| *n > 0);
        Ok(item)
    }

    pub fn list(&self) -> String {
        let parts: Vec<String> = self
            .stacks
            .iter()
            .map(|(name, (_, n))| format!("{n} {name}"))
            .collect();
        parts.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(name: &str, grams: u32) -> Item {
        Item {
            name: name.to_string(),
            grams,
        }
    }

    #[test]
    fn stacks_grow() {
        let mut pack = Backpack::new(1000);
        let rope = item("rope", 300);
        assert_eq!(pack.add(&rope, 1), Ok(1));
        assert_eq!(pack.add(&rope, 1), Ok(2));
        assert_eq!(pack.add(&item("herb", 20), 5), Ok(5));
        assert_eq!(pack.weight(), 700);
        assert_eq!(pack.list(), "5 herb, 2 rope");
        assert_eq!(pack.add(&rope, 2), Err(PackError::TooHeavy { over: 300 }));
    }

    #[test]
    fn taking_needs_enough() {
        let mut pack = Backpack::new(90);
        pack.add(&item("coin", 10), 4).unwrap();
        assert_eq!(
            pack.take("coin", 5).unwrap_err(),
            PackError::NotEnough("coin".into())
        );
        assert_eq!(pack.take("coin", 4).unwrap().grams, 10);
        assert!(pack.take("coin", 0).is_err());
        assert_eq!(pack.list(), "");
    }
}
