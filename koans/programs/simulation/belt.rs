use std::mem;

/// A conveyor of fixed cells; parcels move one cell each step.
pub struct Belt<T> {
    cells: Vec<Option<T>>,
}

impl<T> Belt<T> {
    pub fn with_cells(n: usize) -> Self {
        Belt {
            cells: (0..n).map(|_| None).collect(),
        }
    }

    /// Lays `item` on the first cell, or hands it back.
    pub fn put(&mut self, item: T) -> Result<(), T> {
        match self.cells.first_mut() {
            Some(cell) if cell.is_none() => {
                *cell = Some(item);
                Ok(())
            }
            _ => Err(item),
        }
    }

    /// One step; gives what falls off the end.
    pub fn step(&mut self) -> Option<T> {
        let mut carried = None;
        for cell in self.cells.iter_mut() {
            mem::swap(cell, &mut carried);
        }
        carried
    }

    pub fn loaded(&self) -> usize {
        self.cells.iter().flatten().count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_fall_off_in_order() {
        let mut belt = Belt::with_cells(2);
        assert_eq!(belt.put("box"), Ok(()));
        assert_eq!(belt.put("bag"), Err("bag"));
        assert_eq!(belt.step(), None);
        belt.put("bag").unwrap();
        assert_eq!(belt.loaded(), 2);
        assert_eq!(belt.step(), Some("box"));
        assert_eq!(belt.step(), Some("bag"));
        assert_eq!(belt.loaded(), 0);
    }

    #[test]
    fn no_cells_no_room() {
        let mut belt: Belt<u8> = Belt::with_cells(0);
        assert_eq!(belt.put(3), Err(3));
        assert_eq!(belt.step(), None);
    }
}
