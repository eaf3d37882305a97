use std::sync::{Arc, RwLock};
use std::thread;

#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    pub users: u32,
    pub per_user: u32,
}

/// Readers take a snapshot and keep it, even when the limits are replaced meanwhile.
#[derive(Clone)]
pub struct Shared {
    current: Arc<RwLock<Arc<Limits>>>,
}

impl Shared {
    pub fn new(limits: Limits) -> Self {
        Shared {
            current: Arc::new(RwLock::new(Arc::new(limits))),
        }
    }

    pub fn snapshot(&self) -> Arc<Limits> {
        let guard = self.current.read().expect("no writer panicked");
        Arc::clone(&guard)
    }

    pub fn update(&self, change: impl FnOnce(&mut Limits)) {
        let mut guard = self.current.write().expect("no writer panicked");
        let mut limits = Limits::clone(&guard);
        change(&mut limits);
        *guard = Arc::new(limits);
    }
}

pub fn raise_together(shared: &Shared, steps: &[u32]) -> u32 {
    let workers: Vec<_> = steps
        .iter()
        .map(|&step| {
            let shared = shared.clone();
            thread::spawn(move || shared.update(|limits| limits.users += step))
        })
        .collect();
    for worker in workers {
        worker.join().expect("worker finished");
    }
    let limits = shared.snapshot();
    limits.users * limits.per_user
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snapshots_stay() {
        let shared = Shared::new(Limits {
            users: 2,
            per_user: 5,
        });
        let before = shared.snapshot();
        shared.update(|limits| limits.per_user = 6);
        assert_eq!(
            *before,
            Limits {
                users: 2,
                per_user: 5
            }
        );
        assert_eq!(shared.snapshot().per_user, 6);
    }

    #[test]
    fn many_writers() {
        let shared = Shared::new(Limits {
            users: 1,
            per_user: 3,
        });
        assert_eq!(raise_together(&shared, &[1, 2, 3]), 21);
    }
}
