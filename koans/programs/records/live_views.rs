use std::cell::RefCell;
use std::rc::Rc;

type Test = Box<dyn Fn(&Entry) -> bool>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub topic: String,
    pub stars: u8,
}

/// A view keeps the ids of the entries that pass its test.
pub struct View {
    test: Test,
    ids: RefCell<Vec<usize>>,
}

impl View {
    pub fn ids(&self) -> Vec<usize> {
        self.ids.borrow().clone()
    }
}

#[derive(Default)]
pub struct Journal {
    entries: Vec<Entry>,
    views: Vec<Rc<View>>,
}

impl Journal {
    pub fn view(&mut self, test: impl Fn(&Entry) -> bool + 'static) -> Rc<View> {
        let hits = self.entries.iter().enumerate().filter(|(_, e)| test(e));
        let ids = hits.map(|(id, _)| id).collect();
        let view = Rc::new(View {
            ids: RefCell::new(ids),
            test: Box::new(test),
        });
        self.views.push(Rc::clone(&view));
        view
    }

    pub fn write(&mut self, topic: &str, stars: u8) -> usize {
        let entry = Entry {
            topic: topic.to_string(),
            stars,
        };
        let id = self.entries.len();
        for view in self.views.iter().filter(|v| (v.test)(&entry)) {
            view.ids.borrow_mut().push(id);
        }
        self.entries.push(entry);
        id
    }
}

fn main() {
    let mut journal = Journal::default();
    let best = journal.view(|e| e.stars == 5);
    journal.write("garden", 5);
    println!("{:?}", best.ids());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn views_follow_the_journal() {
        let mut journal = Journal::default();
        journal.write("wine", 5);
        let good = journal.view(|e| e.stars >= 4);
        let wanted = String::from("tea");
        let tea = journal.view(move |e| e.topic == wanted);
        assert_eq!(journal.write("tea", 2), 1);
        assert_eq!(journal.write("tea", 4), 2);
        assert_eq!(good.ids(), [0, 2]);
        assert_eq!(tea.ids(), [1, 2]);
    }

    #[test]
    fn views_outlive_the_journal() {
        let mut journal = Journal::default();
        let all = journal.view(|_| true);
        journal.write("x", 1);
        drop(journal);
        assert_eq!(all.ids(), vec![0]);
        assert_eq!(Rc::strong_count(&all), 1);
    }
}
