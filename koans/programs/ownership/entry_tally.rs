use std::collections::btree_map::Entry;
use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq)]
pub struct Visit {
    pub page: String,
    pub ms: u64,
}

#[derive(Debug, Default, PartialEq, Clone)]
pub struct Stats {
    pub hits: u32,
    pub slowest: u64,
}

pub fn tally(visits: Vec<Visit>) -> BTreeMap<String, Stats> {
    let mut table = BTreeMap::new();
    for Visit { page, ms } in visits {
        let stats: &mut Stats = table.entry(page).or_default();
        stats.hits += 1;
        stats.slowest = stats.slowest.max(ms);
    }
    table
}

/// Moves a row to a new name unless that name is taken.
pub fn rename(table: &mut BTreeMap<String, Stats>, from: &str, to: String) -> Result<(), String> {
    let Some(stats) = table.remove(from) else {
        return Err(format!("no page {from}"));
    };
    match table.entry(to) {
        Entry::Vacant(slot) => {
            slot.insert(stats);
            Ok(())
        }
        Entry::Occupied(taken) => {
            let message = format!("{} exists", taken.key());
            table.insert(from.to_string(), stats);
            Err(message)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> BTreeMap<String, Stats> {
        let raw = [("home", 5), ("faq", 9), ("home", 30), ("home", 7)];
        let visits = raw.map(|(page, ms)| Visit {
            page: page.to_string(),
            ms,
        });
        tally(visits.to_vec())
    }

    #[test]
    fn counts() {
        let t = table();
        assert_eq!(
            t["home"],
            Stats {
                hits: 3,
                slowest: 30
            }
        );
        assert_eq!(t["faq"].hits, 1);
    }

    #[test]
    fn renames() {
        let mut t = table();
        assert_eq!(rename(&mut t, "faq", "help".to_string()), Ok(()));
        assert_eq!(t["help"].slowest, 9);
        let err = rename(&mut t, "help", "home".to_string());
        assert_eq!(err, Err("home exists".to_string()));
        assert_eq!(t["help"].slowest, 9);
        assert_eq!(t["home"].hits, 3);
        assert_eq!(
            rename(&mut t, "faq", "x".to_string()).unwrap_err(),
            "no page faq"
        );
    }
}
