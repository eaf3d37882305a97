use std::collections::HashMap;

#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionId(String);

impl From<&str> for SessionId {
    fn from(s: &str) -> Self {
        SessionId(s.to_string())
    }
}

#[derive(Debug)]
struct Session {
    user: u32,
    expires: u64,
}

#[derive(Default)]
pub struct SessionStore {
    open: HashMap<SessionId, Session>,
}

impl SessionStore {
    pub const TTL: u64 = 600;

    pub fn login(&mut self, id: impl Into<SessionId>, user: u32, now: u64) -> SessionId {
        let id = id.into();
        let expires = now + Self::TTL;
        self.open.insert(id.clone(), Session { user, expires });
        id
    }

    /// The user behind a session; each use prolongs it.
    pub fn touch(&mut self, id: &SessionId, now: u64) -> Option<u32> {
        let session = self.open.get_mut(id).filter(|s| s.expires > now)?;
        session.expires = now + Self::TTL;
        Some(session.user)
    }

    pub fn sweep(&mut self, now: u64) -> Vec<SessionId> {
        let mut gone: Vec<SessionId> = self
            .open
            .iter()
            .filter(|(_, s)| s.expires <= now)
            .map(|(id, _)| id.clone())
            .collect();
        gone.sort();
        for id in &gone {
            self.open.remove(id);
        }
        gone
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn use_prolongs() {
        let mut store = SessionStore::default();
        let id = store.login("s1", 7, 0);
        assert_eq!(store.touch(&id, 599), Some(7));
        assert_eq!(store.touch(&id, 1198), Some(7));
        assert_eq!(store.touch(&id, 1798), None);
        assert_eq!(store.touch(&"s2".into(), 0), None);
    }

    #[test]
    fn sweep_tells_who_left() {
        let mut store = SessionStore::default();
        store.login("b", 1, 0);
        store.login("a", 2, 0);
        let kept = store.login("c", 3, 50);
        assert_eq!(store.sweep(600), ["a".into(), "b".into()]);
        assert!(store.sweep(600).is_empty());
        assert_eq!(store.touch(&kept, 601), Some(3));
    }
}
