/// Allocates an amount over weights with the largest-remainder rule, so the parts
/// always add up to the amount again.
pub fn allocate(amount: u64, weights: &[u32]) -> Option<Vec<u64>> {
    let total: u64 = weights.iter().map(|&w| u64::from(w)).sum();
    if total == 0 {
        return None;
    }
    let mut parts = Vec::with_capacity(weights.len());
    let mut remainders = Vec::with_capacity(weights.len());
    for (slot, &weight) in weights.iter().enumerate() {
        let scaled = amount * u64::from(weight);
        parts.push(scaled / total);
        remainders.push((scaled % total, slot));
    }
    let missing = amount - parts.iter().sum::<u64>();
    remainders.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    for &(_, slot) in remainders.iter().take(missing as usize) {
        parts[slot] += 1;
    }
    Some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn largest_remainder_wins_the_spare_cent() {
        assert_eq!(allocate(100, &[1, 1, 1]), Some(vec![34, 33, 33]));
        assert_eq!(allocate(10, &[5, 7, 3]), Some(vec![3, 5, 2]));
        assert_eq!(allocate(7, &[3, 1]), Some(vec![5, 2]));
    }

    #[test]
    fn zero_weights_have_no_answer() {
        assert_eq!(allocate(10, &[0, 0]), None);
        assert_eq!(allocate(10, &[]), None);
    }

    #[test]
    fn zero_weight_gets_nothing() {
        assert_eq!(allocate(11, &[0, 2]), Some(vec![0, 11]));
    }
}
