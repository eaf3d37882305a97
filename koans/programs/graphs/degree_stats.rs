use std::collections::BTreeMap;

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Degree {
    pub sent: u32,
    pub received: u32,
}

/// Counts messages sent and received per user.
pub fn degrees<'a>(messages: &[(&'a str, &'a str)]) -> BTreeMap<&'a str, Degree> {
    let mut table: BTreeMap<&str, Degree> = BTreeMap::new();
    for &(from, to) in messages {
        table.entry(from).or_default().sent += 1;
        table.entry(to).or_default().received += 1;
    }
    table
}

pub fn listeners<'a>(table: &BTreeMap<&'a str, Degree>) -> Vec<&'a str> {
    table
        .iter()
        .filter(|(_, degree)| degree.sent == 0)
        .map(|(&user, _)| user)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_both_ends() {
        let table = degrees(&[("ann", "bob"), ("ann", "cy"), ("cy", "ann")]);
        let ann = Degree {
            sent: 2,
            received: 1,
        };
        assert_eq!(table["ann"], ann);
        assert_eq!(table["bob"].received, 1);
        assert_eq!(listeners(&table), ["bob"]);
    }

    #[test]
    fn note_to_self() {
        let table = degrees(&[("x", "x")]);
        assert_eq!((table["x"].sent, table["x"].received), (1, 1));
        assert!(listeners(&table).is_empty());
    }
}
