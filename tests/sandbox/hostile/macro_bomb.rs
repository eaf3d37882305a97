macro_rules! twice {
    ($($x:tt)*) => { twice!($($x)* $($x)*); };
}

twice!(a b);

pub fn add(a: i32, b: i32) -> i32 {
    a + b
}
