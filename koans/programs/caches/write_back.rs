use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

pub type Store = Rc<RefCell<BTreeMap<String, i64>>>;

#[derive(Clone, Copy)]
struct Cell {
    value: i64,
    dirty: bool,
}

/// Collects changes to settings and writes them on `flush`.
pub struct WriteBack {
    store: Store,
    cells: BTreeMap<String, Cell>,
}

impl WriteBack {
    pub fn over(store: &Store) -> Self {
        WriteBack {
            store: Rc::clone(store),
            cells: BTreeMap::new(),
        }
    }

    pub fn read(&mut self, key: &str) -> Option<i64> {
        if let Some(cell) = self.cells.get(key) {
            return Some(cell.value);
        }
        let value = *self.store.borrow().get(key)?;
        let cell = Cell {
            value,
            dirty: false,
        };
        self.cells.insert(key.to_string(), cell);
        Some(value)
    }

    pub fn write(&mut self, key: &str, value: i64) {
        let dirty = self.read(key) != Some(value);
        let cell = self
            .cells
            .entry(key.to_string())
            .or_insert(Cell { value, dirty });
        cell.value = value;
        cell.dirty |= dirty;
    }

    pub fn flush(&mut self) -> usize {
        let mut store = self.store.borrow_mut();
        let mut written = 0;
        for (key, cell) in self.cells.iter_mut().filter(|(_, cell)| cell.dirty) {
            store.insert(key.clone(), cell.value);
            cell.dirty = false;
            written += 1;
        }
        written
    }
}

impl Drop for WriteBack {
    fn drop(&mut self) {
        self.flush();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flush_writes_only_changes() {
        let store: Store = Rc::default();
        store.borrow_mut().insert("depth".to_string(), 4);
        let mut cache = WriteBack::over(&store);
        assert_eq!(cache.read("depth"), Some(4));
        assert_eq!(cache.read("width"), None);
        cache.write("depth", 4);
        cache.write("width", 9);
        assert_eq!(store.borrow().get("width"), None);
        assert_eq!(cache.read("width"), Some(9));
        assert_eq!(cache.flush(), 1);
        assert_eq!(store.borrow()["width"], 9);
        assert_eq!(cache.flush(), 0);
    }

    #[test]
    fn dropping_flushes() {
        let store: Store = Rc::default();
        {
            let mut cache = WriteBack::over(&store);
            cache.write("a", 1);
            cache.write("a", 2);
        }
        assert_eq!(store.borrow()["a"], 2);
        assert_eq!(Rc::strong_count(&store), 1);
    }
}
