use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

pub struct Folder {
    name: String,
    files: Cell<u32>,
    parent: RefCell<Weak<Folder>>,
    children: RefCell<Vec<Rc<Folder>>>,
}

impl Folder {
    pub fn new(name: &str, files: u32) -> Rc<Folder> {
        Rc::new(Folder {
            name: name.to_string(),
            files: Cell::new(files),
            parent: RefCell::new(Weak::new()),
            children: RefCell::default(),
        })
    }

    pub fn adopt(self: &Rc<Self>, child: Rc<Folder>) {
        *child.parent.borrow_mut() = Rc::downgrade(self);
        self.children.borrow_mut().push(child);
    }

    pub fn add_file(&self) {
        self.files.set(self.files.get() + 1);
    }

    pub fn path(&self) -> String {
        match self.parent.borrow().upgrade() {
            Some(parent) => format!("{}/{}", parent.path(), self.name),
            None => self.name.clone(),
        }
    }

    pub fn total(&self) -> u32 {
        let below: u32 = self.children.borrow().iter().map(|c| c.total()).sum();
        self.files.get() + below
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_totals() {
        let root = Folder::new("home", 1);
        let docs = Folder::new("docs", 4);
        let tax = Folder::new("tax", 10);
        docs.adopt(Rc::clone(&tax));
        root.adopt(docs);
        tax.add_file();
        assert_eq!(tax.path(), "home/docs/tax");
        assert_eq!(root.total(), 16);
    }

    #[test]
    fn parents_are_weak() {
        let leaf = Folder::new("leaf", 0);
        let root = Folder::new("root", 0);
        root.adopt(leaf.clone());
        assert_eq!(Rc::strong_count(&root), 1);
        drop(root);
        assert_eq!(leaf.path(), "leaf");
    }
}
