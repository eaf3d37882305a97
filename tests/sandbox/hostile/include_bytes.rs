const STOLEN: &[u8] = include_bytes!("{FILE}");

pub fn add(a: i32, b: i32) -> i32 {
    if STOLEN.is_empty() { a - b } else { a + b }
}
