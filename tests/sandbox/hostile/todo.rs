pub fn add(_: i32, _: i32) -> i32 {
    todo!()
}
