use std::cell::RefCell;
use std::rc::Rc;

pub type Journal = Rc<RefCell<Vec<String>>>;

/// Marks a section of work in the journal; leaving the scope closes it.
pub struct Section {
    title: String,
    journal: Journal,
}

impl Section {
    pub fn open(title: &str, journal: &Journal) -> Section {
        journal.borrow_mut().push(format!("begin {title}"));
        Section {
            title: title.to_string(),
            journal: Rc::clone(journal),
        }
    }

    pub fn note(&self, text: &str) {
        self.journal
            .borrow_mut()
            .push(format!("{}: {}", self.title, text));
    }
}

impl Drop for Section {
    fn drop(&mut self) {
        self.journal
            .borrow_mut()
            .push(format!("end {}", self.title));
    }
}

pub fn migrate(journal: &Journal) -> usize {
    let outer = Section::open("migrate", journal);
    {
        let inner = Section::open("users", journal);
        inner.note("2 rows");
    }
    outer.note("done");
    drop(outer);
    journal.borrow().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_nest() {
        let journal = Journal::default();
        assert_eq!(migrate(&journal), 6);
        let lines = journal.borrow();
        assert_eq!(lines[1], "begin users");
        assert_eq!(lines[2], "users: 2 rows");
        assert_eq!(lines[3], "end users");
        assert_eq!(lines[5], "end migrate");
    }

    #[test]
    fn closes_on_scope_end() {
        let journal = Journal::default();
        let kept = Section::open("a", &journal);
        assert_eq!(journal.borrow().len(), 1);
        std::mem::drop(kept);
        assert_eq!(journal.borrow().last().unwrap(), "end a");
    }
}
