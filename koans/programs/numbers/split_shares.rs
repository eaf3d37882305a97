/// Splits `total` by weights so that the parts add up exactly.
/// The largest remainders get the left-over units, earlier ones first.
pub fn split_by_weight(total: u64, weights: &[u32]) -> Option<Vec<u64>> {
    let sum: u64 = weights.iter().map(|&weight| u64::from(weight)).sum();
    if sum == 0 {
        return None;
    }
    let mut parts = Vec::with_capacity(weights.len());
    let mut remainders = Vec::with_capacity(weights.len());
    for (index, &weight) in weights.iter().enumerate() {
        let scaled = total * u64::from(weight);
        parts.push(scaled / sum);
        remainders.push((scaled % sum, index));
    }
    remainders.sort_by_key(|&(rest, index)| (std::cmp::Reverse(rest), index));
    let missing = total - parts.iter().sum::<u64>();
    for &(_, index) in remainders.iter().take(missing as usize) {
        parts[index] += 1;
    }
    Some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_add_up() {
        assert_eq!(split_by_weight(100, &[1, 1, 1]), Some(vec![34, 33, 33]));
        assert_eq!(split_by_weight(10, &[3, 0, 5]), Some(vec![4, 0, 6]));
        assert_eq!(split_by_weight(7, &[10, 25]), Some(vec![2, 5]));
    }

    #[test]
    fn nothing_to_weigh() {
        assert_eq!(split_by_weight(5, &[]), None);
        assert_eq!(split_by_weight(5, &[0, 0]), None);
    }
}
