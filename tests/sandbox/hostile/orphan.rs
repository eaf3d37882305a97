// A grandchild in a session of its own outlives the kill and holds the pipe.
extern "C" {
    fn fork() -> i32;
    fn setsid() -> i32;
}

pub fn add(a: i32, b: i32) -> i32 {
    unsafe {
        if fork() == 0 {
            setsid();
            if fork() == 0 {
                std::thread::sleep(std::time::Duration::from_secs(3600));
            }
        }
    }
    a + b
}
