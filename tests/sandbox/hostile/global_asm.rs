use std::arch::global_asm;

global_asm!(".globl stolen", "stolen:", "ret");

pub fn add(a: i32, b: i32) -> i32 {
    a + b
}
