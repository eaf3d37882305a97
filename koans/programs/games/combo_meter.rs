#[derive(Debug, Default, PartialEq, Clone, Copy)]
pub enum Grade {
    #[default]
    Miss,
    Good,
    Perfect,
}

/// Running score: the multiplier grows every four hits up to four.
pub fn score(notes: &[Grade]) -> u32 {
    let (mut streak, mut sum) = (0u32, 0);
    for note in notes {
        let base = match note {
            Grade::Miss => {
                streak = 0;
                continue;
            }
            Grade::Good => 50,
            Grade::Perfect => 100,
        };
        sum += base * (1 + streak / 4).min(4);
        streak += 1;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn multiplier_grows_and_breaks() {
        use Grade::*;
        assert_eq!(score(&[Good; 4]), 200);
        assert_eq!(score(&[Good; 5]), 300);
        assert_eq!(score(&[Good, Good, Good, Good, Miss, Perfect]), 300);
        assert_eq!(score(&[Perfect; 20]), 400 * (1 + 2 + 3 + 4 + 4));
    }

    #[test]
    fn nothing_hit() {
        assert_eq!(score(&[Grade::default(); 3]), 0);
        assert_eq!(score(&[Grade::Perfect]), 100);
    }
}
