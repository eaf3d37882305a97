#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record<T> {
    pub id: u32,
    pub body: T,
    deleted_at: Option<u64>,
}

#[derive(Debug, Clone)]
pub struct Shelf<T> {
    records: Vec<Record<T>>,
}

impl<T: Clone + PartialEq> Shelf<T> {
    pub fn new() -> Self {
        Self {
            records: Vec::new(),
        }
    }

    pub fn add(&mut self, body: T) -> u32 {
        let id = self.records.len() as u32 + 1;
        self.records.push(Record {
            id,
            body,
            deleted_at: None,
        });
        id
    }

    pub fn delete(&mut self, id: u32, tick: u64) -> Option<T> {
        let record = self.live_mut().find(|r| r.id == id)?;
        record.deleted_at = Some(tick);
        Some(record.body.clone())
    }

    /// Brings back everything that was deleted at or after the tick.
    pub fn restore_since(&mut self, tick: u64) -> usize {
        let mut restored = 0;
        for record in &mut self.records {
            if record.deleted_at.is_some_and(|t| t >= tick) {
                record.deleted_at = None;
                restored += 1;
            }
        }
        restored
    }

    pub fn purge(&mut self, before: u64) {
        self.records
            .retain(|r| !matches!(r.deleted_at, Some(t) if t < before));
    }

    pub fn find(&self, body: &T) -> Vec<u32> {
        let live = self.records.iter().filter(|r| r.deleted_at.is_none());
        live.filter(|r| r.body == *body).map(|r| r.id).collect()
    }

    fn live_mut(&mut self) -> impl Iterator<Item = &mut Record<T>> {
        self.records.iter_mut().filter(|r| r.deleted_at.is_none())
    }
}

impl<T: Clone + PartialEq> Default for Shelf<T> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deleted_records_hide() {
        let mut shelf = Shelf::default();
        shelf.add("map".to_string());
        let second = shelf.add("map".to_string());
        assert_eq!(shelf.delete(second, 10), Some("map".to_string()));
        assert_eq!(shelf.delete(second, 11), None);
        assert_eq!(shelf.find(&"map".to_string()), [1]);
    }

    #[test]
    fn restore_and_purge() {
        let mut shelf = Shelf::new();
        for n in [5u8, 5, 5] {
            shelf.add(n);
        }
        shelf.delete(1, 10);
        shelf.delete(2, 20);
        let mut copy = shelf.clone();
        assert_eq!(shelf.restore_since(15), 1);
        assert_eq!(shelf.find(&5), [2, 3]);
        copy.purge(20);
        assert_eq!(copy.restore_since(0), 1);
        assert_eq!(copy.find(&5), [2, 3]);
    }
}
