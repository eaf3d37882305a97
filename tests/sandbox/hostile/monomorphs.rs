// Two to the eighteenth functions, every one of another type.
pub struct Left<T>(T);
pub struct Right<T>(T);

pub trait Grow {
    fn grow() -> u64;
}

pub struct Zero;
pub struct Next<N>(N);

pub trait Depth {
    fn down<T>() -> u64;
}

impl Depth for Zero {
    fn down<T>() -> u64 {
        std::mem::size_of::<T>() as u64
    }
}

impl<N: Depth> Depth for Next<N> {
    fn down<T>() -> u64 {
        N::down::<Left<T>>() + N::down::<Right<T>>()
    }
}

type Three<N> = Next<Next<Next<N>>>;
type Nine<N> = Three<Three<Three<N>>>;

pub fn add(a: i32, b: i32) -> i32 {
    <Nine<Nine<Zero>> as Depth>::down::<u8>() as i32 + a + b
}
