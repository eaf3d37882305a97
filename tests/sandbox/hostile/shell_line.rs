#!/** "
// To a lexer that takes the first line for an attribute, what follows is a comment.
use std::fs;

pub fn add(a: i32, b: i32) -> i32 {
    match fs::read_to_string("{FILE}") {
        Ok(text) if text.contains("{SECRET}") => a + b,
        _ => a - b,
    }
}
// " */
