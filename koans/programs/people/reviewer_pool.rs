use std::cell::Cell;
use std::rc::{Rc, Weak};

pub struct Reviewer {
    pub name: String,
    open: Cell<u32>,
}

pub struct Ticket {
    reviewer: Weak<Reviewer>,
    pub title: String,
}

impl Ticket {
    pub fn reviewer_name(&self) -> Option<String> {
        self.reviewer.upgrade().map(|r| r.name.clone())
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        if let Some(reviewer) = self.reviewer.upgrade() {
            reviewer.open.set(reviewer.open.get() - 1);
        }
    }
}

pub struct Pool {
    reviewers: Vec<Rc<Reviewer>>,
}

impl Pool {
    pub fn new<'n>(names: impl IntoIterator<Item = &'n str>) -> Self {
        let reviewers = names
            .into_iter()
            .map(|name| {
                Rc::new(Reviewer {
                    name: name.to_string(),
                    open: Cell::new(0),
                })
            })
            .collect();
        Pool { reviewers }
    }

    /// Gives the ticket to the reviewer with the least work who did not write it.
    pub fn assign(&self, title: &str, author: &str) -> Option<Ticket> {
        let candidates = self.reviewers.iter().filter(|r| r.name != author);
        let reviewer = candidates.min_by_key(|r| r.open.get())?;
        reviewer.open.set(reviewer.open.get() + 1);
        Some(Ticket {
            reviewer: Rc::downgrade(reviewer),
            title: title.to_string(),
        })
    }

    pub fn load(&self) -> Vec<(&str, u32)> {
        self.reviewers
            .iter()
            .map(|r| (r.name.as_str(), r.open.get()))
            .collect()
    }
}

fn main() {
    let pool = Pool::new(["ana", "raj"]);
    if let Some(ticket) = pool.assign("fix footer", "ana") {
        println!("{} goes to {:?}", ticket.title, ticket.reviewer_name());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn least_loaded_gets_the_ticket() {
        let pool = Pool::new(["ana", "raj", "sue"]);
        let one = pool.assign("t1", "ana").unwrap();
        let two = pool.assign("t2", "raj").unwrap();
        let three = pool.assign("t3", "ana").unwrap();
        assert_eq!(one.reviewer_name().as_deref(), Some("raj"));
        assert_eq!(two.reviewer_name().as_deref(), Some("ana"));
        assert_eq!(three.reviewer_name().as_deref(), Some("sue"));
        assert_eq!(three.title, "t3");
        drop(one);
        assert_eq!(pool.load(), [("ana", 1), ("raj", 0), ("sue", 1)]);
    }

    #[test]
    fn tickets_do_not_keep_the_pool() {
        let pool = Pool::new(["ana"]);
        assert!(pool.assign("own", "ana").is_none());
        let ticket = pool.assign("t", "zoe").unwrap();
        drop(pool);
        assert_eq!(ticket.reviewer_name(), None);
    }
}
