// As include_str, with the macro under another name.
use std::include_str as text;

const FOUND: &str = text!("{FILE}");

pub fn add(a: i32, b: i32) -> i32 {
    if FOUND.contains("{SECRET}") { a + b } else { a - b }
}
