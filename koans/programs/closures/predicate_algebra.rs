use std::rc::Rc;

pub struct Pred<T: ?Sized>(Rc<dyn Fn(&T) -> bool>);

impl<T: ?Sized> Clone for Pred<T> {
    fn clone(&self) -> Self {
        Pred(Rc::clone(&self.0))
    }
}

impl<T: ?Sized + 'static> Pred<T> {
    pub fn new(test: impl Fn(&T) -> bool + 'static) -> Self {
        Pred(Rc::new(test))
    }

    pub fn test(&self, value: &T) -> bool {
        (self.0)(value)
    }

    pub fn and(&self, other: &Pred<T>) -> Pred<T> {
        let (a, b) = (self.clone(), other.clone());
        Pred::new(move |v| a.test(v) && b.test(v))
    }

    pub fn not(&self) -> Pred<T> {
        let inner = self.clone();
        Pred::new(move |v| !inner.test(v))
    }
}

pub fn longer_than(n: usize) -> Pred<str> {
    Pred::new(move |s: &str| s.len() > n)
}

pub fn select<'w>(words: &[&'w str], pred: &Pred<str>) -> Vec<&'w str> {
    words.iter().copied().filter(|w| pred.test(w)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn combines() {
        let long = longer_than(3);
        let odd = Pred::new(|s: &str| s.len() % 2 == 1);
        let words = ["ox", "cow", "goat", "horse"];
        assert_eq!(select(&words, &long), ["goat", "horse"]);
        assert_eq!(select(&words, &long.and(&odd)), ["horse"]);
        assert_eq!(select(&words, &long.not().and(&odd)), ["cow"]);
    }

    #[test]
    fn other_types() {
        let small = Pred::new(|n: &i32| *n < 10);
        assert!(small.test(&3));
        assert!(small.not().test(&10));
    }
}
