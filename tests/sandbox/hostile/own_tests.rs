pub fn add(a: i32, b: i32) -> i32 {
    a - b
}

mod tests {
    pub fn adds() {}
    pub fn adds_negative() {}
    pub fn adds_many() {}
}
