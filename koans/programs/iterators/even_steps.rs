/// Evenly spread values from `from` to `to`, both included.
pub fn spread(from: f64, to: f64, count: u32) -> impl DoubleEndedIterator<Item = f64> + Clone {
    let step = (to - from) / f64::from(count.saturating_sub(1).max(1));
    (0..count).map(move |index| from + step * f64::from(index))
}

pub fn back_and_forth(from: f64, to: f64, count: u32) -> Vec<f64> {
    let ahead = spread(from, to, count);
    let back = ahead.clone().rev().skip(1);
    ahead.chain(back).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_are_in() {
        assert_eq!(
            spread(1.0, 3.0, 5).collect::<Vec<_>>(),
            [1.0, 1.5, 2.0, 2.5, 3.0]
        );
        assert_eq!(spread(4.0, 9.0, 1).collect::<Vec<_>>(), [4.0]);
        assert_eq!(spread(4.0, 9.0, 0).next(), None);
    }

    #[test]
    fn returns_to_the_start() {
        assert_eq!(back_and_forth(0.0, 4.0, 3), [0.0, 2.0, 4.0, 2.0, 0.0]);
    }
}
