// The mark between the colons and the name is white space to rustc.
pub fn add(a: i32, b: i32) -> i32 {
    if std::{LRM}fs::read("{FILE}").is_ok() { a + b } else { a - b }
}
