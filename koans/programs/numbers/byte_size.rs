use std::fmt;

const STEPS: [(&str, u64); 4] = [
    ("GB", 1_000_000_000),
    ("MB", 1_000_000),
    ("kB", 1_000),
    ("B", 1),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ByteSize(pub u64);

impl ByteSize {
    pub fn parse(text: &str) -> Option<ByteSize> {
        let split = text.find(|c: char| c.is_ascii_alphabetic())?;
        let (number, unit) = text.split_at(split);
        let (_, factor) = STEPS.iter().find(|(name, _)| *name == unit)?;
        let count: u64 = number.trim().parse().ok()?;
        count.checked_mul(*factor).map(ByteSize)
    }
}

impl fmt::Display for ByteSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for &(unit, factor) in &STEPS {
            if self.0 >= factor && factor > 1 {
                let tenths = self.0 / (factor / 10);
                return write!(f, "{}.{} {unit}", tenths / 10, tenths % 10);
            }
        }
        write!(f, "{} B", self.0)
    }
}

impl std::iter::Sum for ByteSize {
    fn sum<I: Iterator<Item = ByteSize>>(sizes: I) -> ByteSize {
        ByteSize(sizes.map(|size| size.0).sum())
    }
}

fn main() {
    let sizes = ["3 MB", "250 kB"].iter().filter_map(|s| ByteSize::parse(s));
    println!("{}", sizes.sum::<ByteSize>());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_one_digit() {
        assert_eq!(ByteSize(999).to_string(), "999 B");
        assert_eq!(ByteSize(1_550).to_string(), "1.5 kB");
        assert_eq!(ByteSize(20_000_000).to_string(), "20.0 MB");
        assert_eq!(ByteSize(0).to_string(), "0 B");
    }

    #[test]
    fn parses_units() {
        assert_eq!(ByteSize::parse("12kB"), Some(ByteSize(12_000)));
        assert_eq!(ByteSize::parse("2 GB"), Some(ByteSize(2_000_000_000)));
        assert_eq!(ByteSize::parse("5 TB"), None);
        assert_eq!(ByteSize::parse("18446744073709551615 kB"), None);
        assert_eq!(ByteSize::parse("7"), None);
    }

    #[test]
    fn sums() {
        let total: ByteSize = [ByteSize(5), ByteSize(6)].into_iter().sum();
        assert_eq!(total, ByteSize(11));
        assert!(ByteSize(5) < total);
    }
}
