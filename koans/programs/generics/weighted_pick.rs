use std::iter::Sum;
use std::ops::{Mul, Sub};

/// Walks along the weights until `point` is used up.
pub fn pick_at<W, T>(choices: &[(T, W)], mut point: W) -> Option<&T>
where
    W: Copy + PartialOrd + Sub<Output = W>,
{
    for (item, weight) in choices {
        if point < *weight {
            return Some(item);
        }
        point = point - *weight;
    }
    None
}

pub fn weighted_sum<N>(values: &[N], weights: &[N]) -> N
where
    N: Mul<Output = N> + Sum<N> + Copy,
{
    values.iter().zip(weights).map(|(v, w)| *v * *w).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn picks() {
        let lanes = [("slow", 5u32), ("mid", 3), ("fast", 1)];
        assert_eq!(pick_at(&lanes, 4), Some(&"slow"));
        assert_eq!(pick_at(&lanes, 5), Some(&"mid"));
        assert_eq!(pick_at(&lanes, 8), Some(&"fast"));
        assert_eq!(pick_at(&lanes, 9), None);
    }

    #[test]
    fn sums() {
        assert_eq!(weighted_sum(&[2, 5], &[10, 1]), 25);
        assert_eq!(weighted_sum(&[0.5, 4.0, 1.0], &[2.0, 0.25]), 2.0);
    }
}
