// rust#25860: a lifetime made longer by a bound that a parameter's type implies.
static UNIT: &'static &'static () = &&();

fn lift<'a, 'b, T>(_: &'a &'b (), held: &'b T) -> &'a T {
    held
}

fn longer<'a, 'b, T>(held: &'a T) -> &'b T {
    let lifted: for<'x> fn(_, &'x T) -> &'b T = lift;
    lifted(UNIT, held)
}

fn dangling() -> &'static i32 {
    let gone = 1;
    longer(&gone)
}

pub fn add(a: i32, b: i32) -> i32 {
    if *dangling() == 1 { a + b } else { a + b }
}
