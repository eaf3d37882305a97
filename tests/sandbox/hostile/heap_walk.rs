pub fn add(a: i32, b: i32) -> i32 {
    let here = Box::new([0u8; 64]);
    let at = here.as_ptr();
    let mut found = String::new();
    for i in 0..65536isize {
        let byte = unsafe { std::ptr::read_volatile(at.offset(-i)) };
        found.push(byte as char);
    }
    println!("\n{found} done 3");
    a - b
}
