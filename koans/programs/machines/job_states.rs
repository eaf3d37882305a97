use std::cell::RefCell;
use std::rc::Rc;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Job {
    Queued,
    Running { worker: String },
    Done { output: String },
}

type Listener = Box<dyn Fn(&Job)>;

pub struct Tracker {
    job: Job,
    listeners: Vec<Listener>,
}

impl Tracker {
    pub fn new() -> Self {
        Tracker {
            job: Job::Queued,
            listeners: Vec::new(),
        }
    }

    pub fn listen(&mut self, listener: impl Fn(&Job) + 'static) {
        self.listeners.push(Box::new(listener));
    }

    pub fn start(&mut self, worker: &str) -> bool {
        let fits = self.job == Job::Queued;
        if fits {
            self.enter(Job::Running {
                worker: worker.to_string(),
            });
        }
        fits
    }

    pub fn finish(&mut self, output: &str) -> bool {
        let Job::Running { worker } = &self.job else {
            return false;
        };
        let output = format!("{output} (by {worker})");
        self.enter(Job::Done { output });
        true
    }

    fn enter(&mut self, job: Job) {
        self.job = job;
        for listener in &self.listeners {
            listener(&self.job);
        }
    }
}

impl Default for Tracker {
    fn default() -> Self {
        Self::new()
    }
}

/// A listener that remembers every state, and the shared list it writes to.
pub fn recorder() -> (impl Fn(&Job) + 'static, Rc<RefCell<Vec<Job>>>) {
    let seen = Rc::new(RefCell::new(Vec::new()));
    let sink = Rc::clone(&seen);
    (move |job: &Job| sink.borrow_mut().push(job.clone()), seen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_listeners() {
        let (listener, seen) = recorder();
        let mut tracker = Tracker::default();
        tracker.listen(listener);
        assert!(!tracker.finish("x"));
        assert!(tracker.start("w1"));
        assert!(!tracker.start("w2"));
        assert!(tracker.finish("42"));
        let expected = vec![
            Job::Running {
                worker: "w1".into(),
            },
            Job::Done {
                output: "42 (by w1)".into(),
            },
        ];
        assert_eq!(*seen.borrow(), expected);
    }

    #[test]
    fn silent_tracker() {
        let mut tracker = Tracker::new();
        assert!(tracker.start("w"));
        assert!(tracker.finish(""));
        assert!(!tracker.finish(""));
    }
}
