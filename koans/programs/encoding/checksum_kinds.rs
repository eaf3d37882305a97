pub trait Checksum {
    const NAME: &'static str;
    type Output: Copy + PartialEq;

    fn push(&mut self, byte: u8);
    fn finish(&self) -> Self::Output;
}

/// Two running sums, the second over the first, both modulo 251.
#[derive(Debug, Clone, Default)]
pub struct TwinSum {
    low: u16,
    high: u16,
}

#[derive(Debug, Clone, Default)]
pub struct Xor(u8);

impl Checksum for TwinSum {
    const NAME: &'static str = "twin";
    type Output = u16;

    fn push(&mut self, byte: u8) {
        self.low = (self.low + u16::from(byte)) % 251;
        self.high = (self.high + self.low) % 251;
    }

    fn finish(&self) -> u16 {
        self.high << 8 | self.low
    }
}

impl Checksum for Xor {
    const NAME: &'static str = "xor";
    type Output = u8;

    fn push(&mut self, byte: u8) {
        self.0 = self.0.rotate_left(1) ^ byte;
    }

    fn finish(&self) -> u8 {
        self.0
    }
}

pub fn digest<C: Checksum + Default>(bytes: &[u8]) -> C::Output {
    let mut sum = C::default();
    bytes.iter().for_each(|&b| sum.push(b));
    sum.finish()
}

pub fn matches<C>(bytes: &[u8], expected: C::Output) -> Result<(), String>
where
    C: Checksum + Default,
{
    if digest::<C>(bytes) == expected {
        return Ok(());
    }
    Err(format!("{} checksum differs", C::NAME))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twin_sees_order() {
        assert_eq!(digest::<TwinSum>(&[1, 2]), 4 << 8 | 3);
        assert_eq!(digest::<TwinSum>(&[2, 1]), 5 << 8 | 3);
        assert_eq!(digest::<TwinSum>(&[250, 250]), 248 << 8 | 249);
    }

    #[test]
    fn xor_rotates() {
        assert_eq!(digest::<Xor>(&[0x81, 0x10]), 0x13);
    }

    #[test]
    fn names_the_kind() {
        assert_eq!(matches::<Xor>(b"a", b'a'), Ok(()));
        assert_eq!(
            matches::<TwinSum>(b"a", 0),
            Err("twin checksum differs".to_string())
        );
    }
}
