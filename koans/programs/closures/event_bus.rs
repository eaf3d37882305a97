use std::collections::HashMap;

type Handler = Box<dyn FnMut(&str) -> bool>;

/// Handlers stay until they answer `false`.
#[derive(Default)]
pub struct Bus {
    handlers: HashMap<String, Vec<Handler>>,
}

impl Bus {
    pub fn on<F>(&mut self, topic: &str, handler: F)
    where
        F: FnMut(&str) -> bool + 'static,
    {
        self.handlers
            .entry(topic.to_string())
            .or_default()
            .push(Box::new(handler));
    }

    pub fn emit(&mut self, topic: &str, payload: &str) -> usize {
        let Some(list) = self.handlers.get_mut(topic) else {
            return 0;
        };
        let called = list.len();
        list.retain_mut(|handler| handler(payload));
        called
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;
    use std::rc::Rc;

    #[test]
    fn handlers_get_payload() {
        let seen = Rc::new(RefCell::new(Vec::new()));
        let mut bus = Bus::default();
        let sink = Rc::clone(&seen);
        bus.on("save", move |p| {
            sink.borrow_mut().push(p.to_uppercase());
            true
        });
        assert_eq!(bus.emit("save", "a"), 1);
        assert_eq!(bus.emit("load", "b"), 0);
        assert_eq!(bus.emit("save", "c"), 1);
        assert_eq!(*seen.borrow(), vec!["A", "C"]);
    }

    #[test]
    fn handlers_can_leave() {
        let mut bus = Bus::default();
        let mut left = 2;
        bus.on("tick", move |_| {
            left -= 1;
            left > 0
        });
        assert_eq!(bus.emit("tick", ""), 1);
        assert_eq!(bus.emit("tick", ""), 1);
        assert_eq!(bus.emit("tick", ""), 0);
    }
}
