use std::collections::BTreeSet;
use std::ops::{BitAnd, BitOr, Not};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cond {
    Flag(&'static str),
    Both(Box<Cond>, Box<Cond>),
    Either(Box<Cond>, Box<Cond>),
    Inverse(Box<Cond>),
}

pub fn flag(name: &'static str) -> Cond {
    Cond::Flag(name)
}

impl BitAnd for Cond {
    type Output = Cond;
    fn bitand(self, rhs: Cond) -> Cond {
        Cond::Both(Box::new(self), Box::new(rhs))
    }
}

impl BitOr for Cond {
    type Output = Cond;
    fn bitor(self, rhs: Cond) -> Cond {
        Cond::Either(Box::new(self), Box::new(rhs))
    }
}

impl Not for Cond {
    type Output = Cond;
    fn not(self) -> Cond {
        match self {
            Cond::Inverse(inner) => *inner,
            other => Cond::Inverse(Box::new(other)),
        }
    }
}

impl Cond {
    pub fn holds(&self, flags: &BTreeSet<&str>) -> bool {
        match self {
            Cond::Flag(name) => flags.contains(name),
            Cond::Both(a, b) => a.holds(flags) && b.holds(flags),
            Cond::Either(a, b) => a.holds(flags) || b.holds(flags),
            Cond::Inverse(c) => !c.holds(flags),
        }
    }

    pub fn names(&self, into: &mut BTreeSet<&'static str>) {
        match self {
            Cond::Flag(name) => {
                into.insert(name);
            }
            Cond::Both(a, b) | Cond::Either(a, b) => {
                a.names(into);
                b.names(into);
            }
            Cond::Inverse(c) => c.names(into),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_or_not() {
        let c = flag("admin") | (flag("editor") & !flag("locked"));
        assert!(c.holds(&BTreeSet::from(["editor"])));
        assert!(!c.holds(&BTreeSet::from(["editor", "locked"])));
        assert!(c.holds(&BTreeSet::from(["admin", "locked"])));
        let mut names = BTreeSet::new();
        c.names(&mut names);
        assert_eq!(names, BTreeSet::from(["admin", "editor", "locked"]));
    }

    #[test]
    fn double_inverse_vanishes() {
        assert_eq!(!!flag("x"), flag("x"));
        assert_ne!(!flag("x"), flag("x"));
    }
}
