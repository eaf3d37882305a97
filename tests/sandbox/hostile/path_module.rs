// rustc quotes what it cannot parse: the foreign file would stand in the diagnostic.
#[path = "{FILE}"]
mod stolen;

pub fn add(a: i32, b: i32) -> i32 {
    a + b
}
