use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::thread;

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    pub hits: u32,
    pub misses: u32,
}

/// A lookup table that several workers fill and read together.
#[derive(Clone, Default)]
pub struct SharedLookup {
    table: Arc<Mutex<HashMap<u32, u64>>>,
    usage: Arc<Mutex<Usage>>,
}

impl SharedLookup {
    pub fn weight(&self, code: u32) -> u64 {
        let mut table = self.table.lock().unwrap();
        let mut usage = self.usage.lock().unwrap();
        if let Some(&known) = table.get(&code) {
            usage.hits += 1;
            return known;
        }
        usage.misses += 1;
        let fresh = u64::from(code) * 3 + 1;
        table.insert(code, fresh);
        fresh
    }

    pub fn usage(&self) -> Usage {
        *self.usage.lock().unwrap()
    }
}

pub fn total_weight(lookup: &SharedLookup, batches: Vec<Vec<u32>>) -> u64 {
    let workers: Vec<_> = batches
        .into_iter()
        .map(|batch| {
            let lookup = lookup.clone();
            thread::spawn(move || batch.iter().map(|&code| lookup.weight(code)).sum::<u64>())
        })
        .collect();
    workers
        .into_iter()
        .map(|worker| worker.join().unwrap_or(0))
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workers_share_the_table() {
        let lookup = SharedLookup::default();
        let total = total_weight(&lookup, vec![vec![1, 2], vec![2, 3], vec![1]]);
        assert_eq!(total, 4 + 7 + 7 + 10 + 4);
        assert_eq!(lookup.usage(), Usage { hits: 2, misses: 3 });
    }

    #[test]
    fn second_lookup_hits() {
        let lookup = SharedLookup::default();
        assert_eq!(lookup.usage(), Usage::default());
        assert_eq!(lookup.weight(5), 16);
        assert_eq!(lookup.weight(5), 16);
        assert_eq!(lookup.usage(), Usage { hits: 1, misses: 1 });
    }
}
