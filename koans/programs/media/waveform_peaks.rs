/// Lowest and highest sample of each of `columns` slices, for drawing.
pub fn peaks(samples: &[i16], columns: usize) -> Vec<(i16, i16)> {
    if samples.is_empty() || columns == 0 {
        return Vec::new();
    }
    let size = samples.len().div_ceil(columns);
    samples
        .chunks(size)
        .filter_map(|c| Some((*c.iter().min()?, *c.iter().max()?)))
        .collect()
}

pub fn draw(peaks: &[(i16, i16)], step: i16) -> String {
    const BARS: &[u8] = b".:|#";
    peaks
        .iter()
        .map(|(lo, hi)| {
            let height = ((hi - lo) / step) as usize;
            char::from(BARS[height.min(BARS.len() - 1)])
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices() {
        let s = [1, -4, 9, 2, 2, 3, 7];
        assert_eq!(peaks(&s, 3), [(-4, 9), (2, 3), (7, 7)]);
        assert!(peaks(&s, 0).is_empty());
        assert!(peaks(&[], 4).is_empty());
    }

    #[test]
    fn bars() {
        let p = [(-4, 9), (2, 3), (0, 90), (-3, 3)];
        assert_eq!(draw(&p, 5), "|.#:");
    }
}
