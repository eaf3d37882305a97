use std::collections::BTreeMap;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    pub rows: usize,
    pub sum: i64,
    pub largest: Option<i64>,
}

impl Totals {
    fn add(&mut self, value: i64) {
        self.rows += 1;
        self.sum += value;
        self.largest = self.largest.max(Some(value));
    }
}

/// Groups rows by a computed key; the last entry is the total over all groups.
pub fn group_totals<R, K, F>(rows: &[R], mut split: F) -> (BTreeMap<K, Totals>, Totals)
where
    K: Ord,
    F: FnMut(&R) -> (K, i64),
{
    let mut groups: BTreeMap<K, Totals> = BTreeMap::new();
    let mut overall = Totals::default();
    for row in rows {
        let (key, value) = split(row);
        groups.entry(key).or_default().add(value);
        overall.add(value);
    }
    (groups, overall)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_by_owned_key() {
        let rows = [("north", -4), ("south", 10), ("north", -1)];
        let (groups, overall) = group_totals(&rows, |(region, n)| (region.to_string(), *n));
        assert_eq!(
            groups["north"],
            Totals {
                rows: 2,
                sum: -5,
                largest: Some(-1)
            }
        );
        assert_eq!(groups["south"].sum, 10);
        assert_eq!(
            overall,
            Totals {
                rows: 3,
                sum: 5,
                largest: Some(10)
            }
        );
    }

    #[test]
    fn the_closure_may_count() {
        let mut calls = 0;
        let (groups, _) = group_totals(&[1i64, 2, 3, 4], |n| {
            calls += 1;
            (n % 2 == 0, *n)
        });
        assert_eq!(calls, 4);
        assert_eq!(groups[&true].sum, 6);
        assert_eq!(
            group_totals(&[] as &[i64], |n| (0, *n)).1,
            Totals::default()
        );
    }
}
