/// Folds a paragraph so that no line is wider than `width`, unless a single word is.
pub fn fold(paragraph: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in paragraph.split_whitespace() {
        if !line.is_empty() && line.len() + 1 + word.len() > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_at_width() {
        assert_eq!(fold("one two  three four", 8), ["one two", "three", "four"]);
        assert_eq!(fold("ab cd ef", 5), ["ab cd", "ef"]);
    }

    #[test]
    fn long_words_stand_alone() {
        assert_eq!(
            fold("a incomprehensible b", 4),
            ["a", "incomprehensible", "b"]
        );
        assert!(fold("   ", 4).is_empty());
    }
}
