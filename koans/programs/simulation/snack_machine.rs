use std::collections::BTreeMap;
use std::fmt;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VendError {
    UnknownSlot(char),
    Empty { slot: char, product: String },
    ShortBy(u32),
}

impl fmt::Display for VendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            VendError::UnknownSlot(c) => write!(f, "no slot {c}"),
            VendError::Empty { slot, product } => write!(f, "slot {slot} is out of {product}"),
            VendError::ShortBy(cents) => write!(f, "insert {cents} more"),
        }
    }
}

#[derive(Debug)]
struct Slot {
    product: String,
    price: u32,
    left: u8,
}

#[derive(Debug, Default)]
pub struct SnackMachine {
    slots: BTreeMap<char, Slot>,
    credit: u32,
}

impl SnackMachine {
    pub fn load(&mut self, slot: char, product: &str, price: u32, left: u8) {
        self.slots.insert(
            slot,
            Slot {
                product: product.to_string(),
                price,
                left,
            },
        );
    }

    pub fn insert(&mut self, cents: u32) -> u32 {
        self.credit += cents;
        self.credit
    }

    /// Gives the product's name and the change.
    pub fn choose(&mut self, key: char) -> Result<(String, u32), VendError> {
        let slot = self
            .slots
            .get_mut(&key)
            .ok_or(VendError::UnknownSlot(key))?;
        if slot.left == 0 {
            let product = slot.product.clone();
            return Err(VendError::Empty { slot: key, product });
        }
        if self.credit < slot.price {
            return Err(VendError::ShortBy(slot.price - self.credit));
        }
        slot.left -= 1;
        let change = std::mem::take(&mut self.credit) - slot.price;
        Ok((slot.product.clone(), change))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn machine() -> SnackMachine {
        let mut m = SnackMachine::default();
        m.load('A', "nuts", 120, 1);
        m
    }

    #[test]
    fn sells_and_gives_change() {
        let mut m = machine();
        assert_eq!(m.insert(100), 100);
        assert_eq!(m.choose('A'), Err(VendError::ShortBy(20)));
        assert_eq!(m.insert(50), 150);
        assert_eq!(m.choose('A'), Ok(("nuts".to_string(), 30)));
        assert_eq!(m.insert(5), 5);
    }

    #[test]
    fn reports_why_not() {
        let mut m = machine();
        m.insert(240);
        m.choose('A').unwrap();
        let err = m.choose('A').unwrap_err();
        assert_eq!(err.to_string(), "slot A is out of nuts");
        assert_eq!(m.choose('Z').unwrap_err().to_string(), "no slot Z");
        assert_eq!(VendError::ShortBy(7).to_string(), "insert 7 more");
    }
}
