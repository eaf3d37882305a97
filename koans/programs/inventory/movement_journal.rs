use std::collections::HashMap;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Place {
    Supplier,
    Bin(String),
    Customer,
}

#[derive(Debug, Clone)]
pub struct Movement {
    pub from: Place,
    pub to: Place,
    pub count: i32,
}

impl Movement {
    pub fn new(from: Place, to: Place, count: i32) -> Self {
        Movement { from, to, count }
    }

    /// The movement that undoes this one.
    pub fn reversed(&self) -> Self {
        Movement {
            from: self.to.clone(),
            to: self.from.clone(),
            ..*self
        }
    }
}

pub fn balances<'m, I>(movements: I) -> HashMap<Place, i32>
where
    I: IntoIterator<Item = &'m Movement>,
{
    let mut sums = HashMap::new();
    for movement in movements {
        *sums.entry(movement.from.clone()).or_insert(0) -= movement.count;
        *sums.entry(movement.to.clone()).or_insert(0) += movement.count;
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bin(name: &str) -> Place {
        Place::Bin(name.to_string())
    }

    #[test]
    fn sums_per_place() {
        let journal = vec![
            Movement::new(Place::Supplier, bin("A"), 10),
            Movement::new(bin("A"), bin("B"), 4),
            Movement::new(bin("B"), Place::Customer, 1),
        ];
        let sums = balances(&journal);
        assert_eq!(sums[&bin("A")], 6);
        assert_eq!(sums[&bin("B")], 3);
        assert_eq!(sums[&Place::Supplier], -10);
        assert_eq!(sums[&Place::Customer], 1);
    }

    #[test]
    fn reversal_cancels() {
        let first = Movement::new(bin("A"), Place::Customer, 7);
        let back = first.reversed();
        assert_eq!(back.from, Place::Customer);
        assert_eq!(back.count, 7);
        let sums = balances([&first, &back]);
        assert!(sums.values().all(|v| *v == 0));
        assert_eq!(sums.len(), 2);
    }
}
