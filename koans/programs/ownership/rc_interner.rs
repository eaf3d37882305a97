use std::collections::HashSet;
use std::rc::Rc;

#[derive(Default)]
pub struct Interner {
    pool: HashSet<Rc<str>>,
}

impl Interner {
    pub fn intern(&mut self, text: &str) -> Rc<str> {
        if let Some(known) = self.pool.get(text) {
            return Rc::clone(known);
        }
        let fresh: Rc<str> = Rc::from(text);
        self.pool.insert(fresh.clone());
        fresh
    }

    /// Forgets the strings nobody else holds; says how many went away.
    pub fn sweep(&mut self) -> usize {
        let before = self.pool.len();
        self.pool.retain(|text| Rc::strong_count(text) > 1);
        before - self.pool.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_text_same_pointer() {
        let mut pool = Interner::default();
        let a = pool.intern("lamp");
        let b = pool.intern(&String::from("lamp"));
        assert!(Rc::ptr_eq(&a, &b));
        assert_eq!(&*a, "lamp");
        assert!(!Rc::ptr_eq(&a, &pool.intern("desk")));
    }

    #[test]
    fn sweeps_unused() {
        let mut pool = Interner::default();
        let kept = pool.intern("kept");
        pool.intern("gone");
        pool.intern("lost");
        assert_eq!(pool.sweep(), 2);
        assert_eq!(pool.sweep(), 0);
        drop(kept);
        assert_eq!(pool.sweep(), 1);
    }
}
