use std::collections::HashMap;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Isbn(pub String);

#[derive(Debug, PartialEq)]
pub struct Copy {
    pub isbn: Isbn,
    pub shelf: u8,
}

#[derive(Default)]
pub struct Lending {
    shelf: Vec<Copy>,
    out: HashMap<String, Vec<Copy>>,
}

impl Lending {
    pub fn stock(&mut self, isbn: &str, shelf: u8) {
        let isbn = Isbn(isbn.to_string());
        self.shelf.push(Copy { isbn, shelf });
    }

    pub fn lend(&mut self, isbn: &Isbn, reader: &str) -> Option<u8> {
        let at = self.shelf.iter().position(|c| c.isbn == *isbn)?;
        let copy = self.shelf.remove(at);
        let shelf = copy.shelf;
        self.out.entry(reader.to_owned()).or_default().push(copy);
        Some(shelf)
    }

    pub fn give_back_all(&mut self, reader: &str) -> usize {
        let copies = self.out.remove(reader).unwrap_or_default();
        let count = copies.len();
        self.shelf.extend(copies);
        count
    }

    pub fn held_by(&self, reader: &str) -> Vec<&str> {
        match self.out.get(reader) {
            Some(copies) => copies.iter().map(|c| c.isbn.0.as_str()).collect(),
            None => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lends_each_copy_once() {
        let mut l = Lending::default();
        l.stock("11", 3);
        l.stock("22", 5);
        let isbn = Isbn("22".to_string());
        assert_eq!(l.lend(&isbn, "uma"), Some(5));
        assert_eq!(l.lend(&isbn, "vic"), None);
        assert_eq!(l.held_by("uma"), vec!["22"]);
        assert!(l.held_by("vic").is_empty());
    }

    #[test]
    fn returns() {
        let mut l = Lending::default();
        l.stock("1", 1);
        l.stock("1", 2);
        let isbn = Isbn("1".into());
        l.lend(&isbn, "w");
        l.lend(&isbn, "w");
        assert_eq!(l.give_back_all("w"), 2);
        assert_eq!(l.give_back_all("w"), 0);
        assert_eq!(l.lend(&isbn, "q"), Some(1));
    }
}
