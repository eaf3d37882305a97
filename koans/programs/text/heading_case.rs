const SMALL: [&str; 5] = ["a", "of", "the", "and", "in"];

/// Makes a heading out of a field name: `date_of_birth` becomes `Date of Birth`.
pub fn heading(field: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    for word in field.split('_') {
        let mut letters = word.chars();
        match letters.next() {
            Some(_) if SMALL.contains(&word) && !words.is_empty() => words.push(word.to_string()),
            Some(first) => words.push(first.to_uppercase().chain(letters).collect()),
            None => continue,
        }
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_small_words() {
        assert_eq!(heading("date_of_birth"), "Date of Birth");
        assert_eq!(heading("the_end"), "The End");
    }

    #[test]
    fn odd_names() {
        assert_eq!(heading("__raw__HTML"), "Raw HTML");
        assert_eq!(heading(""), "");
    }
}
