use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::thread;

pub fn count_levels(shards: Vec<Vec<String>>) -> BTreeMap<String, usize> {
    let totals = Arc::new(Mutex::new(BTreeMap::new()));
    let mut workers = Vec::new();
    for shard in shards {
        let totals = Arc::clone(&totals);
        workers.push(thread::spawn(move || {
            for line in shard {
                let level = line.split(' ').next().unwrap_or("").to_lowercase();
                *totals.lock().unwrap().entry(level).or_insert(0) += 1;
            }
        }));
    }
    for worker in workers {
        worker.join().unwrap();
    }
    let guard = totals.lock().unwrap();
    guard.clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shard(lines: &[&str]) -> Vec<String> {
        lines.iter().map(|s| s.to_string()).collect()
    }

    #[test]
    fn merges_shards() {
        let counts = count_levels(vec![
            shard(&["WARN disk", "info up"]),
            shard(&["warn cpu", "INFO x", "Info y"]),
        ]);
        assert_eq!(counts["warn"], 2);
        assert_eq!(counts["info"], 3);
        assert_eq!(counts.len(), 2);
    }

    #[test]
    fn no_shards() {
        assert!(count_levels(vec![]).is_empty());
    }
}
