const STOLEN: &str = env!("HOSTILE_TEST_SECRET");

pub fn add(a: i32, b: i32) -> i32 {
    if STOLEN.is_empty() { a - b } else { a + b }
}
