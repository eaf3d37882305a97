use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::Arc;
use std::thread;

#[derive(Debug)]
pub struct Quota {
    left: AtomicU32,
    refused: AtomicBool,
}

impl Quota {
    pub fn new(units: u32) -> Self {
        Quota {
            left: AtomicU32::new(units),
            refused: AtomicBool::new(false),
        }
    }

    pub fn try_use(&self) -> bool {
        let taken = self
            .left
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1))
            .is_ok();
        if !taken {
            self.refused.store(true, Ordering::SeqCst);
        }
        taken
    }

    pub fn was_refused(&self) -> bool {
        self.refused.load(Ordering::SeqCst)
    }
}

pub fn hammer(quota: &Arc<Quota>, workers: usize, tries: usize) -> usize {
    let handles: Vec<_> = (0..workers)
        .map(|_| {
            let quota = Arc::clone(quota);
            thread::spawn(move || (0..tries).filter(|_| quota.try_use()).count())
        })
        .collect();
    handles.into_iter().map(|h| h.join().unwrap()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_exceeds_quota() {
        let quota = Arc::new(Quota::new(25));
        assert_eq!(hammer(&quota, 4, 10), 25);
        assert!(quota.was_refused());
        assert!(!quota.try_use());
    }

    #[test]
    fn large_quota_is_enough() {
        let quota = Arc::new(Quota::new(100));
        assert_eq!(hammer(&quota, 3, 7), 21);
        assert!(!quota.was_refused());
        assert_eq!(quota.left.load(Ordering::SeqCst), 79);
    }
}
