use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

pub struct Widget {
    label: String,
    visible: Cell<bool>,
    parent: RefCell<Weak<Widget>>,
    children: RefCell<Vec<Rc<Widget>>>,
}

impl Widget {
    pub fn new(label: &str) -> Rc<Widget> {
        Rc::new(Widget {
            label: label.to_string(),
            visible: Cell::new(true),
            parent: RefCell::new(Weak::new()),
            children: RefCell::default(),
        })
    }

    pub fn adopt(self: &Rc<Self>, child: Rc<Widget>) {
        if let Some(old) = child.parent.borrow().upgrade() {
            old.children
                .borrow_mut()
                .retain(|other| !Rc::ptr_eq(other, &child));
        }
        *child.parent.borrow_mut() = Rc::downgrade(self);
        self.children.borrow_mut().push(child);
    }

    pub fn path(&self) -> String {
        match self.parent.borrow().upgrade() {
            Some(parent) => format!("{}/{}", parent.path(), self.label),
            None => self.label.clone(),
        }
    }

    pub fn set_visible(&self, visible: bool) {
        self.visible.set(visible);
    }

    /// Visible widgets below and including this one.
    pub fn visible_count(&self) -> usize {
        if !self.visible.get() {
            return 0;
        }
        let children = self.children.borrow();
        1 + children
            .iter()
            .map(|child| child.visible_count())
            .sum::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_follow_parents() {
        let window = Widget::new("window");
        let panel = Widget::new("panel");
        let button = Widget::new("ok");
        panel.adopt(button.clone());
        window.adopt(panel.clone());
        assert_eq!(button.path(), "window/panel/ok");
        window.adopt(Rc::clone(&button));
        assert_eq!(button.path(), "window/ok");
        assert!(panel.children.borrow().is_empty());
        drop(window);
        assert_eq!(panel.path(), "panel");
    }

    #[test]
    fn hidden_parents_hide_children() {
        let window = Widget::new("window");
        let panel = Widget::new("panel");
        panel.adopt(Widget::new("a"));
        panel.adopt(Widget::new("b"));
        window.adopt(panel.clone());
        assert_eq!(window.visible_count(), 4);
        panel.set_visible(false);
        assert_eq!(window.visible_count(), 1);
        assert_eq!(Rc::strong_count(&panel), 2);
    }
}
