use std::collections::HashSet;

/// Hands out address parts for page titles, never the same one twice.
#[derive(Default)]
pub struct SlugBook {
    taken: HashSet<String>,
}

impl SlugBook {
    pub fn assign(&mut self, title: &str) -> String {
        let base = slug(title);
        let mut candidate = base.clone();
        let mut n = 1u32;
        while !self.taken.insert(candidate.clone()) {
            n += 1;
            candidate = format!("{base}-{n}");
        }
        candidate
    }
}

pub fn slug(title: &str) -> String {
    let lower = title.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|w| !w.is_empty())
        .collect();
    if words.is_empty() {
        return "untitled".to_owned();
    }
    words.join("-")
}

fn main() {
    let mut book = SlugBook::default();
    for title in ["Opening Hours", "Opening hours?"] {
        println!("{title}: /{}", book.assign(title));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_letters_and_digits() {
        assert_eq!(slug("  Rust & Friends: 2nd Ed. "), "rust-friends-2nd-ed");
        assert_eq!(slug("?!"), "untitled");
    }

    #[test]
    fn numbers_repeats() {
        let mut book = SlugBook::default();
        assert_eq!(book.assign("News"), "news");
        assert_eq!(book.assign("news!"), "news-2");
        assert_eq!(book.assign("NEWS"), "news-3");
        assert_eq!(book.assign("Olds"), "olds");
    }
}
