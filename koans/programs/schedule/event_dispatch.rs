use std::cell::RefCell;
use std::rc::Rc;

pub type Log = Rc<RefCell<Vec<String>>>;

pub trait Handler {
    fn name(&self) -> &str;
    fn tick(&mut self, now: u32) -> Option<String>;
}

pub struct Reminder {
    text: String,
    period: u32,
}

impl Reminder {
    pub fn boxed(text: &str, period: u32) -> Box<dyn Handler> {
        Box::new(Reminder {
            text: text.to_string(),
            period,
        })
    }
}

impl Handler for Reminder {
    fn name(&self) -> &str {
        &self.text
    }

    fn tick(&mut self, now: u32) -> Option<String> {
        (now % self.period == 0).then(|| format!("{now}: {}", self.text))
    }
}

/// Runs handlers on a plain counter and writes what they say into a shared log.
pub struct Dispatcher {
    handlers: Vec<Box<dyn Handler>>,
    log: Log,
    now: u32,
}

impl Dispatcher {
    pub fn new(handlers: Vec<Box<dyn Handler>>) -> (Self, Log) {
        let log = Log::default();
        let dispatcher = Dispatcher {
            handlers,
            log: Rc::clone(&log),
            now: 0,
        };
        (dispatcher, log)
    }

    pub fn run(&mut self, ticks: u32) {
        for _ in 0..ticks {
            self.now += 1;
            for handler in self.handlers.iter_mut() {
                self.log.borrow_mut().extend(handler.tick(self.now));
            }
        }
    }

    pub fn drop_handler(&mut self, name: &str) -> bool {
        let before = self.handlers.len();
        self.handlers.retain(|h| h.name() != name);
        self.handlers.len() < before
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handlers_speak_on_their_period() {
        let (mut dispatcher, log) = Dispatcher::new(vec![
            Reminder::boxed("stretch", 2),
            Reminder::boxed("drink", 3),
        ]);
        dispatcher.run(4);
        assert_eq!(*log.borrow(), ["2: stretch", "3: drink", "4: stretch"]);
    }

    #[test]
    fn dropped_handlers_are_silent() {
        let (mut dispatcher, log) =
            Dispatcher::new(vec![Reminder::boxed("a", 1), Reminder::boxed("b", 1)]);
        assert!(dispatcher.drop_handler("a"));
        assert!(!dispatcher.drop_handler("a"));
        dispatcher.run(1);
        assert_eq!(log.borrow().join(","), "1: b");
        drop(dispatcher);
        assert_eq!(Rc::strong_count(&log), 1);
    }
}
