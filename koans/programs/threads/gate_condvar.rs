use std::sync::{Arc, Condvar, Mutex};
use std::thread;

/// Opens after a given number of arrivals; nobody passes before that.
pub struct Gate {
    missing: Mutex<usize>,
    opened: Condvar,
}

impl Gate {
    pub fn new(arrivals: usize) -> Arc<Self> {
        Arc::new(Gate {
            missing: Mutex::new(arrivals),
            opened: Condvar::new(),
        })
    }

    pub fn arrive(&self) -> usize {
        let mut missing = self.missing.lock().unwrap();
        *missing = missing.saturating_sub(1);
        if *missing == 0 {
            self.opened.notify_all();
        }
        *missing
    }

    pub fn wait(&self) {
        let mut missing = self.missing.lock().unwrap();
        while *missing > 0 {
            missing = self.opened.wait(missing).unwrap();
        }
    }
}

/// Everybody writes down a name first; each then sees the complete list.
pub fn roll_call(names: &[&str]) -> Vec<usize> {
    let gate = Gate::new(names.len());
    let list = Arc::new(Mutex::new(Vec::<String>::new()));
    let threads: Vec<_> = names
        .iter()
        .map(|name| {
            let (gate, list) = (Arc::clone(&gate), Arc::clone(&list));
            let name = name.to_string();
            thread::spawn(move || {
                list.lock().unwrap().push(name);
                gate.arrive();
                gate.wait();
                let total = list.lock().unwrap().len();
                total
            })
        })
        .collect();
    threads.into_iter().map(|t| t.join().unwrap()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everyone_sees_the_full_list() {
        assert_eq!(roll_call(&["jo", "al", "vi"]), vec![3, 3, 3]);
        assert!(roll_call(&[]).is_empty());
    }

    #[test]
    fn arrivals_count_down() {
        let gate = Gate::new(2);
        assert_eq!(gate.arrive(), 1);
        assert_eq!(gate.arrive(), 0);
        assert_eq!(gate.arrive(), 0);
        gate.wait();
    }
}
