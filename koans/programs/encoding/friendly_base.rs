// Letters that are easily mistaken for digits are left out.
const ALPHABET: &[u8; 28] = b"23456789ABCDEFGHJKMNPQRTVWXY";

pub fn encode(mut number: u32) -> String {
    let base = ALPHABET.len() as u32;
    let mut digits = Vec::new();
    loop {
        digits.push(ALPHABET[(number % base) as usize] as char);
        number /= base;
        if number == 0 {
            break;
        }
    }
    digits.iter().rev().collect()
}

pub fn decode(text: &str) -> Option<u32> {
    let base = ALPHABET.len() as u32;
    text.bytes()
        .filter(|&b| b != b'-')
        .try_fold(0u32, |value, b| {
            let digit = ALPHABET.iter().position(|&a| a == b.to_ascii_uppercase())?;
            value.checked_mul(base)?.checked_add(digit as u32)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodes() {
        assert_eq!(encode(0), "2");
        assert_eq!(encode(27), "Y");
        assert_eq!(encode(28), "32");
        assert_eq!(encode(1_000_000), "3KHGA");
    }

    #[test]
    fn decodes() {
        assert_eq!(decode("3kh-ga"), Some(1_000_000));
        assert_eq!(decode(&encode(u32::MAX)), Some(u32::MAX));
        assert_eq!(decode("YYYYYYYY"), None);
        assert_eq!(decode("O"), None);
    }
}
