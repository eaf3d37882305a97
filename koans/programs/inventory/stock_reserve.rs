use std::collections::HashMap;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Level {
    pub on_hand: u32,
    pub reserved: u32,
}

impl Level {
    pub fn free(&self) -> u32 {
        self.on_hand - self.reserved
    }
}

#[derive(Debug, PartialEq, Eq)]
pub enum StockError {
    Unknown(String),
    Short { sku: String, missing: u32 },
}

#[derive(Default)]
pub struct Stock {
    levels: HashMap<String, Level>,
}

impl Stock {
    pub fn receive(&mut self, sku: &str, count: u32) {
        self.levels.entry(sku.to_string()).or_default().on_hand += count;
    }

    /// Reserves all lines of an order or none of them.
    pub fn reserve(&mut self, order: &[(String, u32)]) -> Result<(), StockError> {
        let mut draft = self.levels.clone();
        for (sku, count) in order {
            let level = draft
                .get_mut(sku)
                .ok_or_else(|| StockError::Unknown(sku.clone()))?;
            if level.free() < *count {
                let missing = count - level.free();
                let sku = sku.clone();
                return Err(StockError::Short { sku, missing });
            }
            level.reserved += count;
        }
        self.levels = draft;
        Ok(())
    }

    pub fn ship(&mut self, sku: &str, count: u32) -> Option<u32> {
        let level = self.levels.get_mut(sku)?;
        level.reserved = level.reserved.checked_sub(count)?;
        level.on_hand -= count;
        Some(level.on_hand)
    }

    pub fn level(&self, sku: &str) -> Level {
        self.levels.get(sku).cloned().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(lines: &[(&str, u32)]) -> Vec<(String, u32)> {
        lines.iter().map(|(s, n)| (s.to_string(), *n)).collect()
    }

    #[test]
    fn reserve_and_ship() {
        let mut stock = Stock::default();
        stock.receive("bolt", 10);
        stock.receive("bolt", 5);
        assert_eq!(stock.reserve(&order(&[("bolt", 6), ("bolt", 3)])), Ok(()));
        assert_eq!(stock.level("bolt").free(), 6);
        assert_eq!(stock.ship("bolt", 4), Some(11));
        assert_eq!(
            stock.level("bolt"),
            Level {
                on_hand: 11,
                reserved: 5
            }
        );
        assert_eq!(stock.ship("bolt", 6), None);
        assert_eq!(stock.ship("nut", 1), None);
    }

    #[test]
    fn failing_order_reserves_nothing() {
        let mut stock = Stock::default();
        stock.receive("bolt", 4);
        let result = stock.reserve(&order(&[("bolt", 3), ("bolt", 3)]));
        assert_eq!(
            result,
            Err(StockError::Short {
                sku: "bolt".into(),
                missing: 2
            })
        );
        assert_eq!(
            stock.reserve(&order(&[("bolt", 1), ("cog", 1)])),
            Err(StockError::Unknown("cog".into()))
        );
        assert_eq!(stock.level("bolt").reserved, 0);
        assert_eq!(stock.level("cog"), Level::default());
    }
}
