pub static HUGE: [u8; 8 << 30] = [7; 8 << 30];

pub fn add(a: i32, b: i32) -> i32 {
    HUGE[a as usize] as i32 + b
}
