#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sketch {
    pub points: Vec<(i32, i32)>,
    pub title: String,
}

#[derive(Default)]
pub struct Editor {
    current: Sketch,
    past: Vec<Sketch>,
    future: Vec<Sketch>,
}

impl Editor {
    pub fn apply<F>(&mut self, change: F)
    where
        F: FnOnce(&mut Sketch),
    {
        let before = self.current.clone();
        change(&mut self.current);
        if before != self.current {
            self.past.push(before);
            self.future.clear();
        }
    }

    pub fn undo(&mut self) -> bool {
        let Some(previous) = self.past.pop() else {
            return false;
        };
        let undone = std::mem::replace(&mut self.current, previous);
        self.future.push(undone);
        true
    }

    pub fn redo(&mut self) -> bool {
        if let Some(mut next) = self.future.pop() {
            std::mem::swap(&mut self.current, &mut next);
            self.past.push(next);
            true
        } else {
            false
        }
    }

    pub fn sketch(&self) -> &Sketch {
        &self.current
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn undo_and_redo() {
        let mut ed = Editor::default();
        ed.apply(|s| s.points.push((1, 2)));
        ed.apply(|s| s.title = "dot".to_string());
        assert!(ed.undo());
        assert_eq!(ed.sketch().title, "");
        assert_eq!(ed.sketch().points, vec![(1, 2)]);
        assert!(ed.redo());
        assert_eq!(ed.sketch().title, "dot");
        assert!(!ed.redo());
        assert!(ed.undo() && ed.undo());
        assert_eq!(ed.sketch(), &Sketch::default());
        assert!(!ed.undo());
    }

    #[test]
    fn new_change_drops_the_future() {
        let mut ed = Editor::default();
        ed.apply(|s| s.title.push('a'));
        ed.undo();
        ed.apply(|s| s.title.push('b'));
        assert!(!ed.redo());
        ed.apply(|_| ());
        assert!(ed.undo());
        assert!(!ed.undo());
    }
}
