use std::sync::mpsc::{channel, Sender};
use std::thread::{self, JoinHandle};

enum Request {
    Record(String, u64),
    Query(String, Sender<Option<u64>>),
    Stop,
}

/// Owns a little table of totals on its own thread.
pub struct Meter {
    requests: Sender<Request>,
    worker: Option<JoinHandle<usize>>,
}

impl Meter {
    pub fn start() -> Meter {
        let (requests, inbox) = channel();
        let worker = thread::spawn(move || {
            let mut totals: Vec<(String, u64)> = Vec::new();
            for request in inbox {
                match request {
                    Request::Record(name, amount) => {
                        match totals.iter_mut().find(|(n, _)| *n == name) {
                            Some((_, total)) => *total += amount,
                            None => totals.push((name, amount)),
                        }
                    }
                    Request::Query(name, reply) => {
                        let found = totals.iter().find(|(n, _)| n == &name);
                        let _ = reply.send(found.map(|(_, total)| *total));
                    }
                    Request::Stop => break,
                }
            }
            totals.len()
        });
        Meter {
            requests,
            worker: Some(worker),
        }
    }

    pub fn record(&self, name: &str, amount: u64) {
        let _ = self
            .requests
            .send(Request::Record(name.to_string(), amount));
    }

    pub fn total(&self, name: &str) -> Option<u64> {
        let (tx, rx) = channel();
        self.requests
            .send(Request::Query(name.to_string(), tx))
            .ok()?;
        rx.recv().ok()?
    }

    pub fn stop(&mut self) -> Option<usize> {
        let worker = self.worker.take()?;
        self.requests.send(Request::Stop).ok()?;
        worker.join().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_and_answers() {
        let meter = Meter::start();
        meter.record("gas", 5);
        meter.record("water", 9);
        meter.record("gas", 7);
        assert_eq!(meter.total("gas"), Some(12));
        assert_eq!(meter.total("power"), None);
    }

    #[test]
    fn stops_once() {
        let mut meter = Meter::start();
        meter.record("gas", 1);
        meter.record("oil", 1);
        assert_eq!(meter.stop(), Some(2));
        assert_eq!(meter.stop(), None);
        assert_eq!(meter.total("gas"), None);
    }
}
