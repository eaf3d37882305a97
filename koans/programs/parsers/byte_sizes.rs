use std::fmt;
use std::ops::{Add, Mul};
use std::str::FromStr;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Size(u64);

const UNITS: [(&str, u32); 4] = [("T", 40), ("G", 30), ("M", 20), ("K", 10)];

impl FromStr for Size {
    type Err = String;

    fn from_str(s: &str) -> Result<Size, String> {
        let text = s.trim().to_uppercase();
        let text = text.strip_suffix('B').unwrap_or(&text);
        for (unit, shift) in UNITS {
            if let Some(number) = text.strip_suffix(unit) {
                let n: f64 = number
                    .trim()
                    .parse()
                    .map_err(|_| format!("bad size `{s}`"))?;
                return Ok(Size((n * (1u64 << shift) as f64) as u64));
            }
        }
        text.trim()
            .parse()
            .map(Size)
            .map_err(|_| format!("bad size `{s}`"))
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (unit, shift) in UNITS {
            let scale = 1u64 << shift;
            if self.0 >= scale {
                return write!(f, "{:.1}{unit}B", self.0 as f64 / scale as f64);
            }
        }
        write!(f, "{}B", self.0)
    }
}

impl Add for Size {
    type Output = Size;

    fn add(self, other: Size) -> Size {
        Size(self.0 + other.0)
    }
}

impl Mul<u32> for Size {
    type Output = Size;

    fn mul(self, times: u32) -> Size {
        Size(self.0 * u64::from(times))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(s: &str) -> Size {
        s.parse().unwrap()
    }

    #[test]
    fn parses_units() {
        assert_eq!(size("1.5k"), Size(1536));
        assert_eq!(size("2 MB"), Size(2 << 20));
        assert_eq!(size("17"), Size(17));
        assert_eq!("x9".parse::<Size>(), Err("bad size `x9`".to_string()));
    }

    #[test]
    fn formats() {
        assert_eq!(size("3GB").to_string(), "3.0GB");
        assert_eq!(Size(999).to_string(), "999B");
    }

    #[test]
    fn does_sums() {
        let page = size("4k");
        assert_eq!(page * 3 + page, size("16k"));
        assert!(page < size("1m"));
    }
}
