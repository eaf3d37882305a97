/// Every `step`-th reading, paired with its position in the input.
pub fn thin<'a, T: Copy>(data: &'a [T], step: usize) -> impl Iterator<Item = (usize, T)> + 'a {
    data.iter().copied().enumerate().step_by(step)
}

pub fn deltas(data: &[i32]) -> impl Iterator<Item = i32> + '_ {
    data.windows(2).map(|pair| pair[1] - pair[0])
}

pub fn above(limit: i32) -> impl Fn(&i32) -> bool {
    move |value| *value > limit
}

pub fn count_where<T>(items: impl Iterator<Item = T>, test: impl Fn(&T) -> bool) -> usize {
    items.filter(|item| test(item)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATA: [i32; 5] = [3, 8, 6, 6, 20];

    #[test]
    fn thins_out() {
        let got: Vec<_> = thin(&DATA, 2).collect();
        assert_eq!(got, vec![(0, 3), (2, 6), (4, 20)]);
    }

    #[test]
    fn jumps() {
        assert_eq!(deltas(&DATA).collect::<Vec<_>>(), vec![5, -2, 0, 14]);
        assert_eq!(count_where(deltas(&DATA), above(0)), 2);
        assert_eq!(count_where(DATA.iter().copied(), above(6)), 2);
    }
}
