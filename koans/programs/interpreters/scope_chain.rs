use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// Variables of one block; unknown ones are looked up outside.
#[derive(Debug, Default)]
pub struct Scope {
    vars: RefCell<HashMap<String, i64>>,
    outer: Option<Rc<Scope>>,
}

impl Scope {
    pub fn root() -> Rc<Self> {
        Rc::new(Scope::default())
    }

    pub fn enter(outer: &Rc<Self>) -> Rc<Self> {
        Rc::new(Scope {
            vars: RefCell::default(),
            outer: Some(Rc::clone(outer)),
        })
    }

    pub fn declare(&self, name: &str, value: i64) {
        self.vars.borrow_mut().insert(name.to_string(), value);
    }

    pub fn get(&self, name: &str) -> Option<i64> {
        let here = self.vars.borrow().get(name).copied();
        here.or_else(|| self.outer.as_ref()?.get(name))
    }

    /// Changes the nearest declaration; false when there is none.
    pub fn assign(&self, name: &str, value: i64) -> bool {
        if let Some(slot) = self.vars.borrow_mut().get_mut(name) {
            *slot = value;
            return true;
        }
        self.outer.as_ref().is_some_and(|o| o.assign(name, value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inner_hides_outer() {
        let root = Scope::root();
        root.declare("n", 1);
        let inner = Scope::enter(&root);
        assert_eq!(inner.get("n"), Some(1));
        inner.declare("n", 2);
        assert_eq!((inner.get("n"), root.get("n")), (Some(2), Some(1)));
    }

    #[test]
    fn assignment_reaches_out() {
        let root = Scope::root();
        root.declare("k", 5);
        let inner = Scope::enter(&Scope::enter(&root));
        assert!(inner.assign("k", 9));
        assert_eq!(root.get("k"), Some(9));
        assert!(!inner.assign("q", 0));
        assert_eq!(inner.get("q"), None);
    }
}
