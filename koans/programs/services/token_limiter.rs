use std::collections::HashMap;

#[derive(Debug, Clone, Copy)]
struct Allowance {
    tokens: u32,
    refilled: u64,
}

/// A bucket of tokens per client; the caller tells the time in seconds.
pub struct Limiter {
    capacity: u32,
    per_sec: u32,
    clients: HashMap<String, Allowance>,
}

impl Limiter {
    pub fn new(capacity: u32, per_sec: u32) -> Self {
        Limiter {
            capacity,
            per_sec,
            clients: HashMap::new(),
        }
    }

    /// `Ok(left)` or `Err(seconds to wait)`.
    pub fn ask(&mut self, client: &str, cost: u32, now: u64) -> Result<u32, u64> {
        let fresh = Allowance {
            tokens: self.capacity,
            refilled: now,
        };
        let a = self.clients.entry(client.to_string()).or_insert(fresh);
        let gained = (now - a.refilled) as u32 * self.per_sec;
        a.tokens = self.capacity.min(a.tokens + gained);
        a.refilled = now;
        match a.tokens.checked_sub(cost) {
            Some(left) => {
                a.tokens = left;
                Ok(left)
            }
            None => Err(u64::from((cost - a.tokens).div_ceil(self.per_sec))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refills_with_time() {
        let mut l = Limiter::new(5, 2);
        assert_eq!(l.ask("ann", 4, 100), Ok(1));
        assert_eq!(l.ask("ann", 4, 100), Err(2));
        assert_eq!(l.ask("ann", 4, 101), Err(1));
        assert_eq!(l.ask("ann", 4, 102), Ok(1));
        assert_eq!(l.ask("ann", 1, 900), Ok(4));
    }

    #[test]
    fn clients_do_not_share() {
        let mut l = Limiter::new(2, 1);
        assert_eq!(l.ask("ann", 2, 5), Ok(0));
        assert_eq!(l.ask("bo", 1, 5), Ok(1));
        assert_eq!(l.ask("ann", 1, 5), Err(1));
    }
}
