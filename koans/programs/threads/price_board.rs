use std::collections::HashMap;
use std::sync::{Arc, RwLock};
use std::thread;

#[derive(Clone, Default)]
pub struct PriceBoard {
    prices: Arc<RwLock<HashMap<String, u32>>>,
}

impl PriceBoard {
    pub fn set(&self, item: &str, price: u32) -> Option<u32> {
        let mut prices = self.prices.write().unwrap();
        prices.insert(item.to_string(), price)
    }

    pub fn total(&self, basket: &[&str]) -> u32 {
        let prices = self.prices.read().unwrap();
        basket.iter().filter_map(|item| prices.get(*item)).sum()
    }

    /// Several tills ring up their baskets at the same time.
    pub fn ring_up(&self, baskets: Vec<Vec<&'static str>>) -> Vec<u32> {
        let tills: Vec<_> = baskets
            .into_iter()
            .map(|basket| {
                let board = self.clone();
                thread::spawn(move || board.total(&basket))
            })
            .collect();
        tills.into_iter().map(|t| t.join().unwrap()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_in_order() {
        let board = PriceBoard::default();
        board.set("milk", 120);
        board.set("bread", 300);
        let totals = board.ring_up(vec![vec!["milk", "milk"], vec!["bread"], vec!["gum"]]);
        assert_eq!(totals, vec![240, 300, 0]);
    }

    #[test]
    fn clones_share_prices() {
        let board = PriceBoard::default();
        let other = board.clone();
        assert_eq!(other.set("tea", 5), None);
        assert_eq!(board.set("tea", 6), Some(5));
        assert_eq!(other.total(&["tea"]), 6);
    }
}
