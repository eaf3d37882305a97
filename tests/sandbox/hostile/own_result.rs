// Std's names for things of its own: whoever imports everything takes these for std's.
pub type i32 = std::primitive::i32;

pub struct Option;

pub enum Result {
    Ok,
    Err,
}

pub fn assert_eq(_: i32, _: i32) {}

pub fn add(a: i32, b: i32) -> i32 {
    a - b
}
