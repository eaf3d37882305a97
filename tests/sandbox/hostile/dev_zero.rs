const ENDLESS: &[u8] = include_bytes!("/dev/zero");

pub fn add(a: i32, b: i32) -> i32 {
    ENDLESS.len() as i32 + a + b
}
