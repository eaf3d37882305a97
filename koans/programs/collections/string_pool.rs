use std::collections::HashSet;
use std::rc::Rc;

/// Hands out one shared copy per distinct text.
#[derive(Default)]
pub struct StringPool {
    held: HashSet<Rc<str>>,
}

impl StringPool {
    pub fn intern(&mut self, text: &str) -> Rc<str> {
        if let Some(found) = self.held.get(text) {
            return Rc::clone(found);
        }
        let fresh: Rc<str> = text.into();
        self.held.insert(fresh.clone());
        fresh
    }

    pub fn shrink(&mut self) -> usize {
        let before = self.held.len();
        self.held.retain(|text| Rc::strong_count(text) > 1);
        before - self.held.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_share() {
        let mut pool = StringPool::default();
        let a = pool.intern("border");
        let b = pool.intern("border");
        let c = pool.intern("margin");
        assert!(Rc::ptr_eq(&a, &b));
        assert!(!Rc::ptr_eq(&a, &c));
        assert_eq!(&*c, "margin");
    }

    #[test]
    fn shrink_keeps_used() {
        let mut pool = StringPool::default();
        let kept = pool.intern("kept");
        pool.intern("gone");
        pool.intern("also gone");
        assert_eq!(pool.shrink(), 2);
        assert_eq!(pool.shrink(), 0);
        assert_eq!(Rc::strong_count(&kept), 2);
    }
}
