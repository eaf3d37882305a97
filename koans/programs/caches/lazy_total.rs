use std::cell::Cell;

/// A cart that works out its total only when asked.
#[derive(Default)]
pub struct Cart {
    prices: Vec<u32>,
    total: Cell<Option<u64>>,
}

impl Cart {
    pub fn add(&mut self, price: u32) {
        self.prices.push(price);
        self.total.set(None);
    }

    pub fn total(&self) -> u64 {
        if let Some(known) = self.total.get() {
            return known;
        }
        let sum = self.prices.iter().map(|&price| u64::from(price)).sum();
        self.total.set(Some(sum));
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adding_forgets_the_total() {
        let mut cart = Cart::default();
        assert_eq!(cart.total(), 0);
        cart.add(u32::MAX);
        cart.add(5);
        assert_eq!(cart.total(), 4_294_967_300);
        cart.add(1);
        assert_eq!(cart.total(), 4_294_967_301);
    }

    #[test]
    fn total_is_kept() {
        let mut cart = Cart::default();
        cart.add(7);
        assert_eq!(cart.total.get(), None);
        cart.total();
        assert_eq!(cart.total.get(), Some(7));
    }
}
