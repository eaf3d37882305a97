use std::collections::HashMap;

#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    user: String,
    expires: u64,
}

/// Login tokens that expire after some ticks without use.
pub struct SessionTtl {
    now: u64,
    idle_ticks: u64,
    entries: HashMap<String, Entry>,
}

impl SessionTtl {
    pub fn new(idle_ticks: u64) -> Self {
        SessionTtl {
            now: 0,
            idle_ticks,
            entries: HashMap::new(),
        }
    }

    pub fn login(&mut self, token: &str, user: &str) {
        let entry = Entry {
            user: user.to_string(),
            expires: self.now + self.idle_ticks,
        };
        self.entries.insert(token.to_string(), entry);
    }

    pub fn user(&mut self, token: &str) -> Option<String> {
        let deadline = self.now + self.idle_ticks;
        let entry = self.entries.get_mut(token)?;
        if entry.expires <= self.now {
            return None;
        }
        entry.expires = deadline;
        Some(entry.user.clone())
    }

    /// Moves time on and returns the users logged out by it, sorted.
    pub fn advance(&mut self, ticks: u64) -> Vec<String> {
        self.now += ticks;
        let now = self.now;
        let mut gone = Vec::new();
        self.entries.retain(|_, entry| {
            let alive = entry.expires > now;
            if !alive {
                gone.push(std::mem::take(&mut entry.user));
            }
            alive
        });
        gone.sort();
        gone
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn use_extends_life() {
        let mut sessions = SessionTtl::new(10);
        sessions.login("t1", "ann");
        sessions.login("t2", "bo");
        assert!(sessions.advance(6).is_empty());
        assert_eq!(sessions.user("t1"), Some("ann".to_string()));
        assert_eq!(sessions.advance(4), ["bo"]);
        assert_eq!(sessions.user("t2"), None);
        assert_eq!(sessions.user("t1").as_deref(), Some("ann"));
    }

    #[test]
    fn all_expire_together() {
        let mut sessions = SessionTtl::new(3);
        sessions.login("z", "zoe");
        sessions.login("a", "abe");
        assert_eq!(sessions.advance(3), ["abe", "zoe"]);
        assert_eq!(sessions.user("z"), None);
    }
}
