use std::error::Error;
use std::fmt;

#[derive(Debug)]
pub struct Usage(pub &'static str);

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "usage: {}", self.0)
    }
}

impl Error for Usage {}

pub fn run(args: &[&str]) -> Result<u64, Box<dyn Error + Send + Sync>> {
    let (first, rest) = args.split_first().ok_or(Usage("scale N..."))?;
    let factor: u64 = first.parse()?;
    let mut sum = 0u64;
    for arg in rest {
        let n: u64 = arg.parse()?;
        sum = n
            .checked_mul(factor)
            .and_then(|n| n.checked_add(sum))
            .ok_or("overflow")?;
    }
    Ok(sum)
}

/// Exit code of the tool: 0 fine, 2 wrong usage, 1 anything else.
pub fn exit_code(args: &[&str]) -> i32 {
    match run(args) {
        Ok(_) => 0,
        Err(e) if e.is::<Usage>() => 2,
        Err(_) => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales() {
        assert_eq!(run(&["3", "1", "10"]).unwrap(), 33);
        assert_eq!(run(&["3"]).unwrap(), 0);
    }

    #[test]
    fn codes() {
        assert_eq!(exit_code(&["2", "5"]), 0);
        assert_eq!(exit_code(&[]), 2);
        assert_eq!(exit_code(&["a"]), 1);
        assert_eq!(exit_code(&["2", "18446744073709551615"]), 1);
    }

    #[test]
    fn messages() {
        assert_eq!(run(&[]).unwrap_err().to_string(), "usage: scale N...");
        let big = u64::MAX.to_string();
        assert_eq!(run(&["1", &big, "1"]).unwrap_err().to_string(), "overflow");
    }
}
