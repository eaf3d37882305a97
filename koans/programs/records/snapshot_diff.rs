use std::collections::BTreeMap;

pub type Snapshot = BTreeMap<u32, String>;

#[derive(Debug, PartialEq, Eq)]
pub enum Delta<'s> {
    Added(u32, &'s str),
    Gone(u32),
    Renamed(u32, &'s str, &'s str),
}

pub fn diff<'s>(old: &'s Snapshot, new: &'s Snapshot) -> Vec<Delta<'s>> {
    let gone = old
        .keys()
        .filter(|id| !new.contains_key(id))
        .map(|id| Delta::Gone(*id));
    let changed = new.iter().filter_map(|(id, name)| match old.get(id) {
        None => Some(Delta::Added(*id, name)),
        Some(before) if before != name => Some(Delta::Renamed(*id, before, name)),
        Some(_) => None,
    });
    gone.chain(changed).collect()
}

fn main() {
    let old = Snapshot::from([(1, "ash".to_string())]);
    let new = Snapshot::from([(1, "birch".to_string()), (2, "larch".to_string())]);
    for delta in diff(&old, &new) {
        println!("{delta:?}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snapshot(rows: &[(u32, &str)]) -> Snapshot {
        rows.iter()
            .map(|(id, name)| (*id, name.to_string()))
            .collect()
    }

    #[test]
    fn lists_deltas() {
        let old = snapshot(&[(1, "oak"), (2, "elm"), (3, "fir")]);
        let new = snapshot(&[(2, "elm"), (3, "pine"), (5, "yew")]);
        assert_eq!(
            diff(&old, &new),
            vec![
                Delta::Gone(1),
                Delta::Renamed(3, "fir", "pine"),
                Delta::Added(5, "yew")
            ]
        );
    }

    #[test]
    fn equal_snapshots() {
        let one = snapshot(&[(1, "oak")]);
        assert!(diff(&one, &one.clone()).is_empty());
    }
}
