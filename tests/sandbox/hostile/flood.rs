pub fn add(a: i32, b: i32) -> i32 {
    loop {
        println!("{a} {b} and so on and so on and so on and so on and so on");
    }
}
