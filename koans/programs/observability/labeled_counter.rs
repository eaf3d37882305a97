use std::collections::BTreeMap;

/// Counts per set of labels; the order in which labels are given does not matter.
#[derive(Debug, Default)]
pub struct LabeledCounter {
    series: BTreeMap<Vec<(String, String)>, u64>,
}

fn key(labels: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut key: Vec<_> = labels
        .iter()
        .map(|(k, v)| (k.to_string(), v.to_string()))
        .collect();
    key.sort();
    key
}

impl LabeledCounter {
    pub fn add(&mut self, labels: &[(&str, &str)], n: u64) {
        *self.series.entry(key(labels)).or_insert(0) += n;
    }

    pub fn get(&self, labels: &[(&str, &str)]) -> u64 {
        self.series.get(&key(labels)).copied().unwrap_or(0)
    }

    /// Sum over all series, grouped by the values of one label.
    pub fn sum_by<'a>(&'a self, label: &str) -> BTreeMap<&'a str, u64> {
        let mut sums = BTreeMap::new();
        for (labels, n) in &self.series {
            let value = labels
                .iter()
                .find(|(k, _)| k == label)
                .map_or("", |(_, v)| v.as_str());
            *sums.entry(value).or_default() += n;
        }
        sums
    }

    pub fn expose(&self, name: &str) -> String {
        let mut text = String::new();
        for (labels, n) in &self.series {
            let pairs: Vec<String> = labels.iter().map(|(k, v)| format!("{k}={v:?}")).collect();
            text.push_str(&format!("{name}{{{}}} {n}\n", pairs.join(",")));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn label_order_is_free() {
        let mut c = LabeledCounter::default();
        c.add(&[("code", "200"), ("verb", "get")], 2);
        c.add(&[("verb", "get"), ("code", "200")], 3);
        assert_eq!(c.get(&[("code", "200"), ("verb", "get")]), 5);
        assert_eq!(c.get(&[("code", "200")]), 0);
        assert_eq!(c.expose("hits"), "hits{code=\"200\",verb=\"get\"} 5\n");
    }

    #[test]
    fn groups() {
        let mut c = LabeledCounter::default();
        c.add(&[("code", "200"), ("verb", "get")], 2);
        c.add(&[("code", "200"), ("verb", "put")], 1);
        c.add(&[("verb", "put")], 4);
        assert_eq!(c.sum_by("code"), BTreeMap::from([("", 4), ("200", 3)]));
        assert_eq!(c.sum_by("verb"), BTreeMap::from([("get", 2), ("put", 5)]));
    }
}
