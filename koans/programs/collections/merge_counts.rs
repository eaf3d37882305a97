use std::collections::BTreeMap;

pub type Stock = BTreeMap<String, u32>;

/// Adds a delivery to the stock; returns the names that are new.
pub fn receive(stock: &mut Stock, delivery: Stock) -> Vec<String> {
    let mut fresh = Vec::new();
    for (name, count) in delivery {
        if let Some(held) = stock.get_mut(&name) {
            *held += count;
        } else {
            fresh.push(name.clone());
            stock.insert(name, count);
        }
    }
    fresh
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stock(rows: &[(&str, u32)]) -> Stock {
        rows.iter()
            .map(|&(name, n)| (name.to_string(), n))
            .collect()
    }

    #[test]
    fn new_names_are_listed() {
        let mut shelf = stock(&[("tea", 4), ("salt", 1)]);
        let fresh = receive(&mut shelf, stock(&[("tea", 2), ("rice", 7), ("oats", 3)]));
        assert_eq!(fresh, ["oats", "rice"]);
        assert_eq!(
            shelf,
            stock(&[("tea", 6), ("salt", 1), ("rice", 7), ("oats", 3)])
        );
    }

    #[test]
    fn empty_delivery() {
        let mut shelf = stock(&[("tea", 4)]);
        assert!(receive(&mut shelf, Stock::new()).is_empty());
        assert_eq!(shelf["tea"], 4);
    }
}
