use std::collections::BTreeMap;

#[derive(Debug, PartialEq)]
pub struct Grouped<K, V>(BTreeMap<K, Vec<V>>);

impl<K: Ord, V> FromIterator<(K, V)> for Grouped<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let mut groups: BTreeMap<K, Vec<V>> = BTreeMap::new();
        for (key, value) in pairs {
            groups.entry(key).or_default().push(value);
        }
        Grouped(groups)
    }
}

impl<K: Ord, V> Grouped<K, V> {
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &[V])> {
        self.0.iter().map(|(key, values)| (key, values.as_slice()))
    }

    pub fn map_groups<W>(self, change: impl Fn(&[V]) -> W) -> Vec<(K, W)> {
        self.0
            .into_iter()
            .map(|(key, values)| {
                let changed = change(&values);
                (key, changed)
            })
            .collect()
    }
}

/// Guests by first letter of the name, later letters first.
pub fn door_list(guests: &[&str]) -> String {
    let grouped: Grouped<char, &str> = guests
        .iter()
        .filter_map(|guest| Some((guest.chars().next()?, *guest)))
        .collect();
    let parts: Vec<String> = grouped
        .iter()
        .rev()
        .map(|(letter, names)| format!("{letter}: {}", names.join(", ")))
        .collect();
    parts.join("; ")
}

fn main() {
    println!("{}", door_list(&["Bea", "Art", "Bob"]));
    let pairs = [(1u8, 'x'), (1, 'y')];
    let counts = Grouped::from_iter(pairs).map_groups(|group| group.len());
    println!("{counts:?}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_backwards() {
        let list = door_list(&["Bea", "Art", "", "Bob", "Cleo"]);
        assert_eq!(list, "C: Cleo; B: Bea, Bob; A: Art");
    }

    #[test]
    fn groups_are_mapped() {
        let grouped: Grouped<String, u32> = [("x", 4), ("a", 1), ("x", 5)]
            .map(|(key, n)| (key.to_string(), n))
            .into_iter()
            .collect();
        let sums = grouped.map_groups(|values| values.iter().sum::<u32>());
        assert_eq!(sums, [("a".to_string(), 1), ("x".to_string(), 9)]);
    }
}
