use std::ops::{BitAnd, BitOr};

/// A set of small numbers (0..128) in two words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct BitShelf([u64; 2]);

impl BitShelf {
    pub fn with(mut self, item: u8) -> Self {
        self.0[usize::from(item >> 6) & 1] |= 1u64 << (item & 63);
        self
    }

    pub fn contains(self, item: u8) -> bool {
        item < 128 && self.0[usize::from(item >> 6)] >> (item & 63) & 1 == 1
    }

    pub fn len(self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }

    pub fn items(self) -> impl Iterator<Item = u8> {
        (0..128u8).filter(move |&item| self.contains(item))
    }
}

impl BitAnd for BitShelf {
    type Output = BitShelf;

    fn bitand(self, rhs: BitShelf) -> BitShelf {
        BitShelf([self.0[0] & rhs.0[0], self.0[1] & rhs.0[1]])
    }
}

impl BitOr for BitShelf {
    type Output = BitShelf;

    fn bitor(self, rhs: BitShelf) -> BitShelf {
        BitShelf([self.0[0] | rhs.0[0], self.0[1] | rhs.0[1]])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_items() {
        let shelf = BitShelf::default().with(3).with(64).with(127).with(3);
        assert_eq!(shelf.len(), 3);
        assert_eq!(shelf.items().collect::<Vec<_>>(), [3, 64, 127]);
        assert!(!shelf.contains(0) && !shelf.contains(200));
    }

    #[test]
    fn combines() {
        let a = BitShelf::default().with(1).with(70);
        let b = BitShelf::default().with(70).with(2);
        assert_eq!(a & b, BitShelf::default().with(70));
        assert_eq!((a | b).items().collect::<Vec<_>>(), [1, 2, 70]);
        assert!(a.contains(1));
    }
}
