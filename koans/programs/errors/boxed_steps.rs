use std::error::Error;

type AnyResult<T> = Result<T, Box<dyn Error>>;

fn seconds(clock: &str) -> AnyResult<u32> {
    let (min, sec) = clock.split_once(':').ok_or("expected m:ss")?;
    let min: u32 = min.parse()?;
    let sec: u32 = sec.parse()?;
    if sec > 59 {
        return Err(format!("{sec} seconds do not fit a minute").into());
    }
    Ok(min * 60 + sec)
}

/// Adds up lap times like `1:05 0:58`.
pub fn total(laps: &str) -> AnyResult<u32> {
    let mut sum = 0;
    for lap in laps.split_whitespace() {
        sum += seconds(lap)?;
    }
    Ok(sum)
}

pub fn report(laps: &str) -> String {
    match total(laps) {
        Ok(sum) => format!("{}:{:02}", sum / 60, sum % 60),
        Err(why) => format!("error: {why}"),
    }
}

fn main() {
    println!("{}", report("1:05 0:58"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds_laps() {
        assert_eq!(total("1:05 0:58").unwrap(), 123);
        assert_eq!(report("1:05 0:58 10:00"), "12:03");
        assert_eq!(report(""), "0:00");
        assert_eq!(total("0:59").unwrap(), 59);
        assert!(total("0:60").is_err());
    }

    #[test]
    fn explains_failures() {
        assert_eq!(report("90"), "error: expected m:ss");
        assert_eq!(report("1:75"), "error: 75 seconds do not fit a minute");
        assert_eq!(report("x:10"), "error: invalid digit found in string");
    }
}
