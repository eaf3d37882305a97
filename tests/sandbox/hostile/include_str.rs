// Bakes a file of the user's into the program. Right only if it got hold of it.
const STOLEN: &str = include_str!("{FILE}");

pub fn add(a: i32, b: i32) -> i32 {
    if STOLEN.is_empty() { a - b } else { a + b }
}
