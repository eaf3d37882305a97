pub fn add(a: i32, b: i32) -> i32 {
    std::thread::sleep(std::time::Duration::from_secs(3600));
    a + b
}
