/// Adds the second half of the signal onto the first, and clears the second.
pub fn fold_halves(signal: &mut [f32]) -> usize {
    let middle = signal.len() / 2;
    let (left, right) = signal.split_at_mut(middle);
    for (l, r) in left.iter_mut().zip(right.iter_mut()) {
        *l += *r;
        *r = 0.0;
    }
    middle
}

pub fn trade(row: &mut Vec<i64>, a: usize, b: usize, amount: i64) -> Option<()> {
    if a >= row.len() || b >= row.len() || row[a] < amount {
        return None;
    }
    row[a] -= amount;
    row[b] += amount;
    Some(())
}

pub fn drain_front(queue: &mut Vec<i64>, count: usize) -> Vec<i64> {
    let rest = queue.split_off(count.min(queue.len()));
    std::mem::replace(queue, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds() {
        let mut signal = [1.0, 2.0, 10.0, 20.0, 7.0];
        assert_eq!(fold_halves(&mut signal), 2);
        assert_eq!(signal, [11.0, 22.0, 0.0, 0.0, 7.0]);
    }

    #[test]
    fn trades() {
        let mut row = vec![5, 1];
        assert_eq!(trade(&mut row, 0, 1, 3), Some(()));
        assert_eq!(row, [2, 4]);
        assert_eq!(trade(&mut row, 0, 1, 3), None);
        assert_eq!(trade(&mut row, 0, 2, 1), None);
        assert_eq!(trade(&mut row, 2, 0, 0), None);
        assert_eq!(trade(&mut row, 1, 0, 4), Some(()));
        assert_eq!(row, [6, 0]);
    }

    #[test]
    fn drains() {
        let mut queue = vec![1, 2, 3];
        assert_eq!(drain_front(&mut queue, 2), vec![1, 2]);
        assert_eq!(queue, vec![3]);
        assert_eq!(drain_front(&mut queue, 9), vec![3]);
        assert!(queue.is_empty());
    }
}
