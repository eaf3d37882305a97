/// A keypad that blocks itself after three wrong codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lock {
    Closed { code: String, failures: u8 },
    Open { code: String },
    Blocked,
}

const MAX_FAILURES: u8 = 3;

impl Lock {
    pub fn with_code(code: &str) -> Self {
        Lock::Closed {
            code: code.to_string(),
            failures: 0,
        }
    }

    #[must_use]
    pub fn enter(self, attempt: &str) -> Self {
        match self {
            Lock::Closed { code, .. } if code == attempt => Lock::Open { code },
            Lock::Closed { failures, .. } if failures + 1 == MAX_FAILURES => Lock::Blocked,
            Lock::Closed { code, failures } => Lock::Closed {
                code,
                failures: failures + 1,
            },
            other => other,
        }
    }

    #[must_use]
    pub fn shut(self) -> Self {
        if let Lock::Open { code } = self {
            return Lock::Closed { code, failures: 0 };
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_and_shuts() {
        let lock = Lock::with_code("12").enter("99").enter("12");
        assert_eq!(
            lock,
            Lock::Open {
                code: "12".to_string()
            }
        );
        assert_eq!(lock.clone().enter("99"), lock);
        assert_eq!(lock.shut(), Lock::with_code("12"));
    }

    #[test]
    fn blocks() {
        let once = Lock::with_code("1").enter("x");
        assert_eq!(once.clone().shut(), once);
        let blocked = once.enter("y").enter("z");
        assert_eq!(blocked, Lock::Blocked);
        assert_eq!(blocked.enter("1"), Lock::Blocked);
    }
}
