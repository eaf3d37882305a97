#[derive(Debug, Clone, Copy, PartialEq)]
enum State {
    Closed { failures: u8 },
    Open { until: u64 },
    HalfOpen,
}

#[derive(Debug, PartialEq)]
pub enum CallError<E> {
    Rejected { retry_at: u64 },
    Failed(E),
}

pub struct Breaker {
    state: State,
    threshold: u8,
    pause: u64,
}

impl Breaker {
    pub fn new(threshold: u8, pause: u64) -> Self {
        let state = State::Closed { failures: 0 };
        Breaker {
            state,
            threshold,
            pause,
        }
    }

    pub fn call<T, E, F>(&mut self, now: u64, job: F) -> Result<T, CallError<E>>
    where
        F: FnOnce() -> Result<T, E>,
    {
        if let State::Open { until } = self.state {
            if now < until {
                return Err(CallError::Rejected { retry_at: until });
            }
            self.state = State::HalfOpen;
        }
        match job() {
            Ok(value) => {
                self.state = State::Closed { failures: 0 };
                Ok(value)
            }
            Err(e) => {
                let failures = match self.state {
                    State::Closed { failures } => failures + 1,
                    _ => self.threshold,
                };
                self.state = if failures >= self.threshold {
                    let until = now + self.pause;
                    State::Open { until }
                } else {
                    State::Closed { failures }
                };
                Err(CallError::Failed(e))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bad() -> Result<u8, &'static str> {
        Err("no answer")
    }

    #[test]
    fn opens_and_tries_again() {
        let mut b = Breaker::new(2, 30);
        assert_eq!(b.call(0, bad), Err(CallError::Failed("no answer")));
        assert_eq!(b.call(1, bad), Err(CallError::Failed("no answer")));
        assert_eq!(b.call(2, bad), Err(CallError::Rejected { retry_at: 31 }));
        assert_eq!(b.call(31, bad), Err(CallError::Failed("no answer")));
        assert_eq!(b.call(32, bad), Err(CallError::Rejected { retry_at: 61 }));
        assert_eq!(b.call(61, || Ok::<u8, &str>(4)), Ok(4));
        assert_eq!(b.call(62, bad), Err(CallError::Failed("no answer")));
        assert_eq!(b.call(63, || Ok::<u8, &str>(5)), Ok(5));
    }

    #[test]
    fn success_forgives() {
        let mut b = Breaker::new(2, 5);
        b.call(0, bad).unwrap_err();
        b.call(0, || Ok::<(), ()>(())).unwrap();
        b.call(0, bad).unwrap_err();
        assert_eq!(b.call(0, || Ok::<u8, ()>(1)), Ok(1));
    }
}
