enum State<T, F> {
    Waiting(F),
    Ready(T),
    Broken,
}

/// A value worked out on first use.
pub struct Lazy<T, F> {
    state: State<T, F>,
}

impl<T, F: FnOnce() -> T> Lazy<T, F> {
    pub fn new(init: F) -> Self {
        Lazy {
            state: State::Waiting(init),
        }
    }

    pub fn get(&mut self) -> &T {
        if let State::Waiting(_) = self.state {
            let old = std::mem::replace(&mut self.state, State::Broken);
            if let State::Waiting(init) = old {
                self.state = State::Ready(init());
            }
        }
        match &self.state {
            State::Ready(value) => value,
            _ => unreachable!("initialiser panicked earlier"),
        }
    }

    pub fn is_ready(&self) -> bool {
        matches!(self.state, State::Ready(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn runs_once() {
        let runs = Cell::new(0);
        let mut lazy = Lazy::new(|| {
            runs.set(runs.get() + 1);
            vec![runs.get(); 2]
        });
        assert!(!lazy.is_ready());
        assert_eq!(lazy.get(), &vec![1, 1]);
        assert_eq!(lazy.get().len(), 2);
        assert!(lazy.is_ready());
        assert_eq!(runs.get(), 1);
    }

    #[test]
    fn moves_captured_data() {
        let name = String::from("north");
        let mut lazy = Lazy::new(move || name + "-east");
        assert_eq!(lazy.get(), "north-east");
    }
}
