use std::cell::RefCell;
use std::ops::{Deref, DerefMut};

#[derive(Default)]
pub struct Pool {
    spare: RefCell<Vec<String>>,
}

/// A text buffer that goes back to its pool when dropped.
pub struct Lent<'p> {
    pool: &'p Pool,
    buffer: String,
}

impl Pool {
    pub fn lend(&self) -> Lent<'_> {
        let buffer = self.spare.borrow_mut().pop().unwrap_or_default();
        Lent { pool: self, buffer }
    }

    pub fn idle(&self) -> usize {
        self.spare.borrow().len()
    }
}

impl Deref for Lent<'_> {
    type Target = String;
    fn deref(&self) -> &String {
        &self.buffer
    }
}

impl DerefMut for Lent<'_> {
    fn deref_mut(&mut self) -> &mut String {
        &mut self.buffer
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.clear();
        self.pool.spare.borrow_mut().push(buffer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buffers_come_back_empty() {
        let pool = Pool::default();
        {
            let mut a = pool.lend();
            a.push_str("page");
            let b = pool.lend();
            assert_eq!((a.len(), b.len(), pool.idle()), (4, 0, 0));
        }
        assert_eq!(pool.idle(), 2);
        assert!(pool.lend().is_empty());
        assert_eq!(pool.idle(), 2);
    }

    #[test]
    fn text_methods_work() {
        let pool = Pool::default();
        let mut text = pool.lend();
        text.push('x');
        assert_eq!(text.to_uppercase(), "X");
        drop(text);
        assert_eq!(pool.idle(), 1);
    }
}
