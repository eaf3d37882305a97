#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    pub at: u32,
    pub value: f64,
}

/// Mean of each reading with its neighbours on both sides.
pub fn smooth(readings: &[Reading]) -> Vec<Reading> {
    readings
        .windows(3)
        .map(|w| Reading {
            value: w.iter().map(|r| r.value).sum::<f64>() / 3.0,
            ..w[1]
        })
        .collect()
}

/// Start and end of every pause longer than `limit`.
pub fn gaps(readings: &[Reading], limit: u32) -> Vec<(u32, u32)> {
    let pairs = readings.iter().zip(readings.iter().skip(1));
    pairs
        .filter(|(a, b)| b.at - a.at > limit)
        .map(|(a, b)| (a.at, b.at))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn readings(rows: &[(u32, f64)]) -> Vec<Reading> {
        rows.iter()
            .map(|&(at, value)| Reading { at, value })
            .collect()
    }

    #[test]
    fn smooths_inner_readings() {
        let raw = readings(&[(0, 1.0), (5, 4.0), (9, 1.0), (12, 7.0)]);
        assert_eq!(smooth(&raw), readings(&[(5, 2.0), (9, 4.0)]));
        assert!(smooth(&raw[..2]).is_empty());
    }

    #[test]
    fn finds_gaps() {
        let raw = readings(&[(0, 0.0), (10, 0.0), (21, 0.0), (60, 0.0)]);
        assert_eq!(gaps(&raw, 10), [(10, 21), (21, 60)]);
        assert_eq!(gaps(&raw[..1], 0), []);
    }
}
