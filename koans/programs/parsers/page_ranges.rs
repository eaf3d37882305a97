use std::ops::RangeInclusive;

/// Reads a print selection such as `1-3, 7, 9-` for a document of `last` pages.
pub fn parse_pages(text: &str, last: u32) -> Option<Vec<RangeInclusive<u32>>> {
    text.split(',')
        .map(|part| {
            let part = part.trim();
            let (from, to) = part.split_once('-').unwrap_or((part, part));
            let from = if from.is_empty() {
                1
            } else {
                from.parse().ok()?
            };
            let to = if to.is_empty() {
                last
            } else {
                to.parse().ok()?
            };
            (from >= 1 && from <= to && to <= last).then(|| from..=to)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_selection() {
        let ranges = parse_pages("-2, 5,8-", 9).unwrap();
        assert_eq!(ranges, [1..=2, 5..=5, 8..=9]);
    }

    #[test]
    fn rejects_bad_ranges() {
        assert_eq!(parse_pages("3-2", 9), None);
        assert_eq!(parse_pages("1,10", 9), None);
        assert_eq!(parse_pages("0", 9), None);
        assert_eq!(parse_pages("x", 9), None);
    }
}
