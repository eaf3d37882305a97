use std::collections::{HashMap, VecDeque};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TileId {
    pub zoom: u8,
    pub x: u32,
    pub y: u32,
}

/// Drops the tile that was used longest ago once the byte budget is passed.
pub struct TileCache {
    budget: usize,
    used: usize,
    tiles: HashMap<TileId, Vec<u8>>,
    order: VecDeque<TileId>,
}

impl TileCache {
    pub fn new(budget: usize) -> Self {
        Self {
            budget,
            used: 0,
            tiles: HashMap::new(),
            order: VecDeque::new(),
        }
    }

    fn touch(&mut self, id: TileId) {
        self.order.retain(|held| *held != id);
        self.order.push_back(id);
    }

    pub fn get(&mut self, id: TileId) -> Option<&[u8]> {
        if !self.tiles.contains_key(&id) {
            return None;
        }
        self.touch(id);
        self.tiles.get(&id).map(Vec::as_slice)
    }

    pub fn put(&mut self, id: TileId, bytes: Vec<u8>) -> Vec<TileId> {
        self.used += bytes.len();
        if let Some(old) = self.tiles.insert(id, bytes) {
            self.used -= old.len();
        }
        self.touch(id);
        let mut evicted = vec![];
        while self.used > self.budget {
            let Some(victim) = self.order.pop_front() else {
                break;
            };
            if let Some(gone) = self.tiles.remove(&victim) {
                self.used -= gone.len();
                evicted.push(victim);
            }
        }
        evicted
    }

    pub fn used(&self) -> usize {
        self.used
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(x: u32) -> TileId {
        TileId { zoom: 4, x, y: 0 }
    }

    #[test]
    fn oldest_use_goes_first() {
        let mut cache = TileCache::new(10);
        assert!(cache.put(id(1), vec![1; 4]).is_empty());
        assert!(cache.put(id(2), vec![2; 4]).is_empty());
        assert_eq!(cache.get(id(1)), Some(&[1u8, 1, 1, 1][..]));
        assert_eq!(cache.put(id(3), vec![3; 5]), [id(2)]);
        assert_eq!(cache.get(id(2)), None);
        assert_eq!(cache.used(), 9);
    }

    #[test]
    fn replacing_frees_old_bytes() {
        let mut cache = TileCache::new(10);
        cache.put(id(1), vec![0; 8]);
        assert!(cache.put(id(1), vec![0; 2]).is_empty());
        assert_eq!(cache.used(), 2);
        assert_eq!(cache.put(id(2), vec![0; 11]), [id(1), id(2)]);
        assert_eq!(cache.used(), 0);
    }
}
