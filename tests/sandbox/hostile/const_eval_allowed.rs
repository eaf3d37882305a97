#![allow(long_running_const_eval)]

const ENDLESS: u64 = {
    let mut n = 0u64;
    while n < u64::MAX {
        n += 1;
    }
    n
};

pub fn add(a: i32, b: i32) -> i32 {
    a + b + ENDLESS as i32
}
