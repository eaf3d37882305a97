/// Appends `value` in groups of seven bits, lowest first; the top bit means more follow.
pub fn put(out: &mut Vec<u8>, mut value: u64) {
    while value > 0x7f {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Reads one value and moves `input` past it.
pub fn take(input: &mut &[u8]) -> Option<u64> {
    let mut value = 0u64;
    for shift in (0..63).step_by(7) {
        let (&byte, rest) = input.split_first()?;
        *input = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_bytes() {
        let mut out = vec![];
        put(&mut out, 5);
        put(&mut out, 300);
        assert_eq!(out, [5, 0xac, 2]);
    }

    #[test]
    fn reads_in_sequence() {
        let bytes = [0xac, 2, 127, 0x80];
        let mut input = &bytes[..];
        assert_eq!(take(&mut input), Some(300));
        assert_eq!(take(&mut input), Some(127));
        assert_eq!(take(&mut input), None);
        assert_eq!(take(&mut &[0xff; 12][..]), None);
    }
}
