use std::collections::HashSet;
use std::hash::Hash;

/// Lets each key through once, like the "new since last visit" list of a feed reader.
#[derive(Debug, Default)]
pub struct FirstSeen<K> {
    keys: HashSet<K>,
}

impl<K: Hash + Eq> FirstSeen<K> {
    pub fn fresh<'a, T, F>(&mut self, batch: &'a [T], key: F) -> Vec<&'a T>
    where
        F: Fn(&T) -> K,
    {
        let mut out = vec![];
        for item in batch {
            if self.keys.insert(key(item)) {
                out.push(item);
            }
        }
        out
    }
}

impl<K> FirstSeen<K>
where
    K: Hash + Eq + Ord + Clone,
{
    pub fn known(&self) -> Vec<K> {
        let mut keys: Vec<K> = self.keys.iter().cloned().collect();
        keys.sort_unstable();
        keys
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn second_batch_shows_only_new() {
        let mut seen = FirstSeen::default();
        let monday = ["ab", "cd", "ab"];
        assert_eq!(seen.fresh(&monday, |s| s.to_string()), vec![&"ab", &"cd"]);
        let tuesday = ["cd", "ef"];
        assert_eq!(seen.fresh(&tuesday, |s| s.to_string()), vec![&"ef"]);
        assert_eq!(seen.known(), vec!["ab", "cd", "ef"]);
    }

    #[test]
    fn derived_keys() {
        let mut seen = FirstSeen::<u32>::default();
        let got = seen.fresh(&[31u32, 12, 41, 52], |n| n % 10);
        assert_eq!(got, vec![&31, &12]);
        assert_eq!(seen.known(), vec![1, 2]);
    }
}
