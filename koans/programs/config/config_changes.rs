use std::collections::{BTreeMap, BTreeSet};

type Config = BTreeMap<&'static str, i64>;

/// One line for each key that differs between two versions of the settings.
pub fn changes(old: &Config, new: &Config) -> Vec<String> {
    let keys: BTreeSet<_> = old.keys().chain(new.keys()).copied().collect();
    keys.into_iter()
        .filter_map(|key| match (old.get(key), new.get(key)) {
            (Some(a), Some(b)) if a == b => None,
            (Some(a), Some(b)) => Some(format!("{key}: {a} to {b} ({:+})", b - a)),
            (None, Some(b)) => Some(format!("{key}: new, {b}")),
            (Some(_), None) => Some(format!("{key}: gone")),
            (None, None) => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_changes() {
        let old = Config::from([("a", 1), ("b", 5), ("d", 0)]);
        let new = Config::from([("a", 1), ("b", 3), ("c", 9)]);
        assert_eq!(
            changes(&old, &new),
            ["b: 5 to 3 (-2)", "c: new, 9", "d: gone"]
        );
        assert_eq!(changes(&new, &old)[0], "b: 3 to 5 (+2)");
    }

    #[test]
    fn same_is_silent() {
        let config = Config::from([("x", 4)]);
        assert!(changes(&config, &config.clone()).is_empty());
    }
}
