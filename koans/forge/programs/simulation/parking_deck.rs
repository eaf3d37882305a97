use std::collections::HashMap;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Size {
    Moto,
    Car,
    Van,
}

/// Where each plate stands; a vehicle may take a bigger bay when its own are full.
pub struct Deck {
    free: HashMap<Size, u16>,
    parked: HashMap<String, Size>,
}

fn fits(size: Size) -> &'static [Size] {
    match size {
        Size::Moto => &[Size::Moto, Size::Car, Size::Van],
        Size::Car => &[Size::Car, Size::Van],
        Size::Van => &[Size::Van],
    }
}

impl Deck {
    pub fn new(bays: &[(Size, u16)]) -> Self {
        Deck {
            free: bays.iter().copied().collect(),
            parked: HashMap::new(),
        }
    }

    pub fn enter(&mut self, plate: &str, size: Size) -> Option<Size> {
        let bay = *fits(size)
            .iter()
            .find(|s| self.free.get(s).is_some_and(|n| *n > 0))?;
        *self.free.entry(bay).or_default() -= 1;
        self.parked.insert(plate.to_owned(), bay);
        Some(bay)
    }

    pub fn leave(&mut self, plate: &str) -> bool {
        let Some(bay) = self.parked.remove(plate) else {
            return false;
        };
        *self.free.entry(bay).or_insert(0) += 1;
        true
    }

    pub fn free_bays(&self) -> u16 {
        self.free.values().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bigger_bay_when_full() {
        let mut deck = Deck::new(&[(Size::Car, 1), (Size::Van, 1)]);
        assert_eq!(deck.enter("K-1", Size::Car), Some(Size::Car));
        assert_eq!(deck.enter("K-2", Size::Moto), Some(Size::Van));
        assert_eq!(deck.enter("K-3", Size::Van), None);
        assert_eq!(deck.free_bays(), 0);
    }

    #[test]
    fn leaving_frees() {
        let mut deck = Deck::new(&[(Size::Van, 2)]);
        deck.enter("V", Size::Van);
        assert_eq!(deck.free_bays(), 1);
        assert!(deck.leave("V"));
        assert!(!deck.leave("V"));
        assert_eq!(deck.free_bays(), 2);
    }
}
