use std::collections::HashMap;

/// Evicts the thumbnail shown least often; among equals the smallest name.
#[derive(Default)]
pub struct ThumbnailUse {
    room: usize,
    shown: HashMap<String, (u32, Vec<u8>)>,
}

impl ThumbnailUse {
    pub fn with_room(room: usize) -> Self {
        ThumbnailUse {
            room,
            ..Default::default()
        }
    }

    pub fn show(&mut self, name: &str, render: impl FnOnce() -> Vec<u8>) -> &[u8] {
        if !self.shown.contains_key(name) && self.shown.len() >= self.room {
            self.evict();
        }
        let (uses, pixels) = self
            .shown
            .entry(name.to_string())
            .or_insert_with(|| (0, render()));
        *uses += 1;
        pixels
    }

    fn evict(&mut self) -> Option<String> {
        let name = self
            .shown
            .iter()
            .min_by_key(|(name, (uses, _))| (*uses, name.as_str()))
            .map(|(name, _)| name.clone())?;
        self.shown.remove(&name);
        Some(name)
    }

    pub fn uses(&self, name: &str) -> u32 {
        self.shown.get(name).map_or(0, |(uses, _)| *uses)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renders_once() {
        let mut cache = ThumbnailUse::with_room(2);
        assert_eq!(cache.show("cat", || vec![1, 2]), [1, 2]);
        assert_eq!(cache.show("cat", || panic!("rendered twice")), [1, 2]);
        assert_eq!(cache.uses("cat"), 2);
    }

    #[test]
    fn rarest_goes() {
        let mut cache = ThumbnailUse::with_room(2);
        cache.show("cat", || vec![1]);
        cache.show("dog", || vec![2]);
        cache.show("dog", || vec![2]);
        cache.show("emu", || vec![3]);
        assert_eq!(cache.uses("cat"), 0);
        assert_eq!(cache.uses("dog"), 2);
        assert_eq!(cache.uses("emu"), 1);
        assert_eq!(cache.evict().as_deref(), Some("emu"));
    }
}
