use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seal {
    Intact,
    Broken(Vec<String>),
}

/// Gate staff report seals in parallel; the protocol is shared by all of them.
#[derive(Clone, Default)]
pub struct Protocol {
    seals: Arc<Mutex<BTreeMap<u32, Seal>>>,
}

impl Protocol {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<u32, Seal>> {
        self.seals.lock().unwrap_or_else(|e| e.into_inner())
    }

    pub fn report(&self, container: u32, damage: Option<&str>) {
        let mut seals = self.lock();
        let seal = seals.entry(container).or_insert(Seal::Intact);
        if let Some(text) = damage {
            match seal {
                Seal::Intact => *seal = Seal::Broken(vec![text.to_string()]),
                Seal::Broken(notes) => notes.push(text.to_string()),
            }
        }
    }

    pub fn seal(&self, container: u32) -> Option<Seal> {
        self.lock().get(&container).cloned()
    }

    pub fn broken(&self) -> Vec<u32> {
        let seals = self.lock();
        let broken = seals.iter().filter(|(_, s)| **s != Seal::Intact);
        broken.map(|(id, _)| *id).collect()
    }
}

/// Every gate checks its own containers; odd numbers are known to be damaged.
pub fn check_gates(gates: Vec<Vec<u32>>, protocol: &Protocol) {
    let threads: Vec<thread::JoinHandle<()>> = gates
        .into_iter()
        .map(|containers| {
            let protocol = protocol.clone();
            thread::spawn(move || {
                for id in containers {
                    let damage = (id % 2 == 1).then_some("cut wire");
                    protocol.report(id, damage);
                }
            })
        })
        .collect();
    threads.into_iter().for_each(|t| t.join().unwrap());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_collect() {
        let protocol = Protocol::default();
        protocol.report(4, None);
        assert_eq!(protocol.seal(4), Some(Seal::Intact));
        protocol.report(4, Some("scratch"));
        protocol.report(4, None);
        protocol.report(4, Some("open"));
        let notes = vec!["scratch".to_string(), "open".to_string()];
        assert_eq!(protocol.seal(4), Some(Seal::Broken(notes)));
        assert_eq!(protocol.seal(5), None);
    }

    #[test]
    fn gates_share_the_protocol() {
        let protocol = Protocol::default();
        check_gates(vec![vec![1, 2], vec![4, 7], vec![]], &protocol);
        assert_eq!(protocol.broken(), [1, 7]);
        assert_eq!(protocol.seal(2), Some(Seal::Intact));
    }
}
