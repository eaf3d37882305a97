use std::collections::HashMap;
use std::marker::PhantomData;

#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Id<T> {
    raw: u32,
    kind: PhantomData<T>,
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Id<T> {}

impl<T> Id<T> {
    pub fn raw(self) -> u32 {
        self.raw
    }
}

#[derive(Debug)]
pub struct Arena<T> {
    items: HashMap<u32, T>,
    next: u32,
}

impl<T> Default for Arena<T> {
    fn default() -> Self {
        Arena {
            items: HashMap::new(),
            next: 1,
        }
    }
}

impl<T> Arena<T> {
    pub fn insert(&mut self, item: T) -> Id<T> {
        let raw = self.next;
        self.next += 1;
        self.items.insert(raw, item);
        Id {
            raw,
            kind: PhantomData,
        }
    }

    pub fn get(&self, id: Id<T>) -> Option<&T> {
        self.items.get(&id.raw)
    }

    pub fn update<R>(&mut self, id: Id<T>, f: impl FnOnce(&mut T) -> R) -> Option<R> {
        self.items.get_mut(&id.raw).map(f)
    }

    pub fn remove(&mut self, id: Id<T>) -> Option<T> {
        self.items.remove(&id.raw)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct NotCopy;

    #[test]
    fn ids_are_copy_for_any_type() {
        let mut arena = Arena::default();
        let id = arena.insert(NotCopy);
        let same = id;
        assert_eq!(id.raw(), same.clone().raw());
        assert!(arena.get(same).is_some());
    }

    #[test]
    fn edits_and_removal() {
        let mut names: Arena<String> = Arena::default();
        let a = names.insert("ana".to_string());
        let b = names.insert("bo".to_string());
        assert_eq!((a.raw(), b.raw()), (1, 2));
        let len = names.update(b, |n| {
            n.push_str("ris");
            n.len()
        });
        assert_eq!(len, Some(5));
        assert_eq!(names.remove(b).as_deref(), Some("boris"));
        assert_eq!(names.get(b), None);
        assert_eq!(names.update(b, |n| n.len()), None);
        assert_eq!(names.get(a).unwrap(), "ana");
    }
}
