use std::marker::PhantomData;

pub struct Down;
pub struct Up;

/// A link whose state is part of its type; only a link that is up can send.
#[derive(Debug)]
pub struct Link<S> {
    peer: String,
    sent: Vec<String>,
    state: PhantomData<S>,
}

impl Link<Down> {
    pub fn to(peer: &str) -> Self {
        Link {
            peer: peer.to_string(),
            sent: Vec::new(),
            state: PhantomData,
        }
    }

    pub fn connect(self, key: u32) -> Result<Link<Up>, Link<Down>> {
        if key % 7 != 0 {
            return Err(self);
        }
        Ok(self.into_state())
    }
}

impl Link<Up> {
    pub fn send(&mut self, text: impl Into<String>) -> usize {
        self.sent.push(text.into());
        self.sent.len()
    }

    pub fn close(self) -> Link<Down> {
        self.into_state()
    }
}

impl<S> Link<S> {
    fn into_state<T>(self) -> Link<T> {
        let Link { peer, sent, .. } = self;
        Link {
            peer,
            sent,
            state: PhantomData,
        }
    }

    pub fn summary(&self) -> String {
        format!("{}: {}", self.peer, self.sent.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_was_sent() {
        let Ok(mut link) = Link::to("hub").connect(14) else {
            panic!("key fits");
        };
        assert_eq!(link.send("a"), 1);
        assert_eq!(link.send(String::from("b")), 2);
        assert_eq!(link.close().summary(), "hub: a,b");
    }

    #[test]
    fn hands_the_link_back() {
        let Err(link) = Link::to("hub").connect(15) else {
            panic!("key does not fit");
        };
        assert_eq!(link.summary(), "hub: ");
        assert!(link.connect(7).is_ok());
    }
}
