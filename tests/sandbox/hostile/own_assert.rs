use std::stringify as assert_eq;

pub fn add(a: i32, b: i32) -> i32 {
    let _ = assert_eq!(a, b);
    a - b
}
