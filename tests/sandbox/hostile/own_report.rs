// Every value claims to be a success.
pub trait Reports: Sized {
    fn report(self) -> std::process::ExitCode {
        std::process::ExitCode::SUCCESS
    }
}

impl<T> Reports for T {}

pub fn add(a: i32, b: i32) -> i32 {
    a - b
}
