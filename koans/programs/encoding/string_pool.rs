use std::collections::HashMap;

/// Replaces repeated words by their number in a shared list.
#[derive(Default)]
pub struct Pool {
    words: Vec<String>,
    index: HashMap<String, u16>,
}

impl Pool {
    pub fn intern(&mut self, word: &str) -> u16 {
        if let Some(&id) = self.index.get(word) {
            return id;
        }
        let id = self.words.len() as u16;
        self.words.push(word.to_string());
        self.index.insert(word.to_string(), id);
        id
    }

    pub fn encode(&mut self, text: &str) -> Vec<u16> {
        text.split(' ').map(|word| self.intern(word)).collect()
    }

    pub fn decode(&self, ids: &[u16]) -> Option<String> {
        let words = ids
            .iter()
            .map(|&id| self.words.get(usize::from(id)).map(String::as_str));
        Some(words.collect::<Option<Vec<&str>>>()?.join(" "))
    }
}

fn main() {
    let mut pool = Pool::default();
    let ids = pool.encode("round and round it goes");
    println!("{ids:?} is {:?}", pool.decode(&ids));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_words() {
        let mut pool = Pool::default();
        assert_eq!(pool.encode("a b a c"), [0, 1, 0, 2]);
        assert_eq!(pool.encode("c d"), [2, 3]);
        assert_eq!(pool.intern("b"), 1);
    }

    #[test]
    fn decodes() {
        let mut pool = Pool::default();
        pool.encode("to be or");
        assert_eq!(pool.decode(&[2, 0, 2]).as_deref(), Some("or to or"));
        assert_eq!(pool.decode(&[0, 3]), None);
    }
}
