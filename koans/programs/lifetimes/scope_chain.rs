use std::collections::BTreeMap;

/// Variables of one block; a block may look into the one around it.
#[derive(Debug, Default)]
pub struct Scope<'p> {
    parent: Option<&'p Scope<'p>>,
    vars: BTreeMap<String, i64>,
}

impl<'p> Scope<'p> {
    pub fn child(&'p self) -> Scope<'p> {
        Scope {
            parent: Some(self),
            vars: BTreeMap::new(),
        }
    }

    pub fn define(&mut self, name: &str, value: i64) -> &mut Self {
        self.vars.insert(name.to_string(), value);
        self
    }

    pub fn lookup(&self, name: &str) -> Option<i64> {
        match self.vars.get(name) {
            Some(value) => Some(*value),
            None => self.parent.and_then(|p| p.lookup(name)),
        }
    }

    pub fn depth(&self) -> usize {
        let mut depth = 0;
        let mut current = self.parent;
        while let Some(scope) = current {
            depth += 1;
            current = scope.parent;
        }
        depth
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inner_shadows_outer() {
        let mut globals = Scope::default();
        globals.define("x", 1).define("y", 2);
        let mut inner = globals.child();
        inner.define("x", 10);
        assert_eq!(inner.lookup("x"), Some(10));
        assert_eq!(inner.lookup("y"), Some(2));
        assert_eq!(globals.lookup("x"), Some(1));
    }

    #[test]
    fn depth_counts_parents() {
        let globals = Scope::default();
        let middle = globals.child();
        let inner = middle.child();
        assert_eq!(globals.depth(), 0);
        assert_eq!(inner.depth(), 2);
        assert_eq!(inner.lookup("z"), None);
    }
}
