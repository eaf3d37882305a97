use std::mem;

#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    Insert { at: usize, text: String },
    Delete { at: usize, text: String },
}

impl Edit {
    fn inverse(&self) -> Edit {
        match self {
            Edit::Insert { at, text } => Edit::Delete {
                at: *at,
                text: text.clone(),
            },
            Edit::Delete { at, text } => Edit::Insert {
                at: *at,
                text: text.clone(),
            },
        }
    }
}

#[derive(Default)]
pub struct Editor {
    text: String,
    done: Vec<Edit>,
    undone: Vec<Edit>,
}

impl Editor {
    fn apply(&mut self, edit: &Edit) {
        match edit {
            Edit::Insert { at, text } => self.text.insert_str(*at, text),
            Edit::Delete { at, text } => {
                self.text.replace_range(*at..*at + text.len(), "");
            }
        }
    }

    pub fn run(&mut self, edit: Edit) -> usize {
        self.apply(&edit);
        self.done.push(edit);
        mem::take(&mut self.undone).len()
    }

    pub fn undo(&mut self) -> Option<&str> {
        let edit = self.done.pop()?;
        self.apply(&edit.inverse());
        self.undone.push(edit);
        Some(&self.text)
    }

    pub fn redo(&mut self) -> Option<&str> {
        let edit = self.undone.pop()?;
        self.apply(&edit);
        self.done.push(edit);
        Some(&self.text)
    }

    pub fn text(&self) -> &str {
        self.text.as_str()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn insert(at: usize, text: &str) -> Edit {
        Edit::Insert {
            at,
            text: text.to_string(),
        }
    }

    #[test]
    fn undo_then_redo() {
        let mut editor = Editor::default();
        editor.run(insert(0, "ham"));
        editor.run(insert(3, " egg"));
        assert_eq!(editor.undo(), Some("ham"));
        assert_eq!(editor.undo(), Some(""));
        assert_eq!(editor.undo(), None);
        assert_eq!(editor.redo(), Some("ham"));
        assert_eq!(editor.redo(), Some("ham egg"));
        assert_eq!(editor.redo(), None);
    }

    #[test]
    fn new_edit_forgets_redo() {
        let mut editor = Editor::default();
        editor.run(insert(0, "abc"));
        editor.run(Edit::Delete {
            at: 1,
            text: "b".to_string(),
        });
        assert_eq!(editor.text(), "ac");
        editor.undo();
        assert_eq!(editor.text(), "abc");
        assert_eq!(editor.run(insert(3, "!")), 1);
        assert_eq!(editor.redo(), None);
        assert_eq!(editor.text(), "abc!");
    }
}
