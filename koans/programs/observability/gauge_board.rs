use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, RwLock};

#[derive(Clone, Default)]
pub struct Gauge(Arc<AtomicI64>);

impl Gauge {
    pub fn shift(&self, by: i64) -> i64 {
        self.0.fetch_add(by, Ordering::SeqCst) + by
    }

    pub fn value(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// Hands out gauges by name; the same name is the same gauge in every thread.
#[derive(Default)]
pub struct GaugeBoard {
    gauges: RwLock<HashMap<String, Gauge>>,
}

impl GaugeBoard {
    pub fn gauge(&self, name: &str) -> Gauge {
        if let Some(found) = self.gauges.read().unwrap().get(name) {
            return found.clone();
        }
        let mut gauges = self.gauges.write().unwrap();
        gauges.entry(name.to_string()).or_default().clone()
    }

    pub fn snapshot(&self) -> Vec<(String, i64)> {
        let gauges = self.gauges.read().unwrap();
        let mut all: Vec<_> = gauges.iter().map(|(k, g)| (k.clone(), g.value())).collect();
        all.sort();
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    #[test]
    fn shared_between_threads() {
        let board = Arc::new(GaugeBoard::default());
        let workers: Vec<_> = (1..=4)
            .map(|n| {
                let board = Arc::clone(&board);
                thread::spawn(move || board.gauge("open").shift(n))
            })
            .collect();
        for w in workers {
            w.join().unwrap();
        }
        assert_eq!(board.gauge("open").value(), 10);
    }

    #[test]
    fn snapshot_is_sorted() {
        let board = GaugeBoard::default();
        assert_eq!(board.gauge("z").shift(3), 3);
        assert_eq!(board.gauge("z").shift(-5), -2);
        board.gauge("a");
        let wanted = vec![("a".to_string(), 0), ("z".to_string(), -2)];
        assert_eq!(board.snapshot(), wanted);
    }
}
