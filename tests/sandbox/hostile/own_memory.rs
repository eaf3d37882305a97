// Safe code that could write its own memory, if there were a /proc.
pub fn add(a: i32, b: i32) -> i32 {
    let opened = std::fs::OpenOptions::new().write(true).open("/proc/self/mem").is_ok();
    if opened { a + b } else { a - b }
}
