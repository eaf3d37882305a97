/// Growth of a counter over its samples; a smaller value means that the process restarted.
pub fn increase(samples: &[u64]) -> u64 {
    samples
        .windows(2)
        .map(|pair| pair[1].checked_sub(pair[0]).unwrap_or(pair[1]))
        .sum()
}

pub fn restarts(samples: &[u64]) -> usize {
    samples.windows(2).filter(|p| p[1] < p[0]).count()
}

fn main() {
    let samples: Vec<u64> = vec![10, 14, 3, 9];
    println!("{} in {} lives", increase(&samples), restarts(&samples) + 1);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steady_growth() {
        assert_eq!(increase(&[5, 5, 9, 20]), 15);
        assert_eq!(restarts(&[5, 5, 9]), 0);
        assert_eq!((increase(&[7]), increase(&[])), (0, 0));
    }

    #[test]
    fn restarts_count_from_zero() {
        let samples = [10, 14, 3, 9, 0, 2];
        assert_eq!(increase(&samples), 4 + 3 + 6 + 2);
        assert_eq!(restarts(&samples), 2);
    }
}
