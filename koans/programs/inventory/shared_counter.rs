use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// All sales desks of a shop look at the same counter.
#[derive(Clone, Default)]
pub struct SharedStock {
    inner: Rc<RefCell<HashMap<u16, u32>>>,
}

impl SharedStock {
    pub fn put(&self, article: u16, count: u32) {
        *self.inner.borrow_mut().entry(article).or_insert(0) += count;
    }

    pub fn get(&self, article: u16) -> u32 {
        self.inner.borrow().get(&article).copied().unwrap_or(0)
    }
}

pub struct Desk {
    stock: SharedStock,
    sold: u32,
}

impl Desk {
    pub fn new(stock: &SharedStock) -> Self {
        Desk {
            stock: stock.clone(),
            sold: 0,
        }
    }

    pub fn sell(&mut self, article: u16) -> bool {
        let mut counts = self.stock.inner.borrow_mut();
        match counts.get_mut(&article) {
            Some(left) if *left > 0 => {
                *left -= 1;
                self.sold += 1;
                true
            }
            _ => false,
        }
    }

    pub fn sold(&self) -> u32 {
        self.sold
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn desks_share_the_stock() {
        let stock = SharedStock::default();
        stock.put(7, 2);
        let mut left = Desk::new(&stock);
        let mut right = Desk::new(&stock);
        assert!(left.sell(7));
        assert!(right.sell(7));
        assert!(!left.sell(7));
        assert!(!left.sell(8));
        stock.put(7, 5);
        assert!(left.sell(7));
        assert_eq!((left.sold(), right.sold()), (2, 1));
        assert_eq!(stock.get(7), 4);
    }

    #[test]
    fn unknown_article_counts_zero() {
        assert_eq!(SharedStock::default().get(1), 0);
    }
}
