#![recursion_limit = "1000000"]

pub struct Deeper<T>(T);

pub trait Bottomless {}

impl<T> Bottomless for T where Deeper<T>: Bottomless {}

pub fn needs<T: Bottomless>() {}

pub fn add(a: i32, b: i32) -> i32 {
    needs::<u8>();
    a + b
}
