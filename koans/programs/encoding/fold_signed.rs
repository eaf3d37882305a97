/// Maps small positive and negative numbers to small unsigned ones: 0, -1, 1, -2 ...
pub fn fold(value: i32) -> u32 {
    ((value << 1) ^ (value >> 31)) as u32
}

pub fn unfold(code: u32) -> i32 {
    (code >> 1) as i32 ^ -((code & 1) as i32)
}

/// Bytes that a folded value needs when leading zero bytes are dropped.
pub fn cost(values: &[i32]) -> usize {
    values
        .iter()
        .map(|&v| 4 - (fold(v) | 1).leading_zeros() as usize / 8)
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alternates() {
        let codes: Vec<u32> = [0, -1, 1, -2, 2].into_iter().map(fold).collect();
        assert_eq!(codes, [0, 1, 2, 3, 4]);
        assert_eq!(fold(i32::MIN), u32::MAX);
    }

    #[test]
    fn goes_back() {
        for value in [0, 7, -7, i32::MAX, i32::MIN] {
            assert_eq!(unfold(fold(value)), value);
        }
    }

    #[test]
    fn costs() {
        assert_eq!(cost(&[0, -100, 200, 40_000]), 1 + 1 + 2 + 3);
        assert_eq!(cost(&[]), 0);
    }
}
