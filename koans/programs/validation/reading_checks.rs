#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    pub minute: u32,
    pub celsius: f64,
}

#[derive(Debug, PartialEq)]
pub enum Issue {
    NotANumber { at: usize },
    Jump { at: usize, degrees: f64 },
    Backwards { at: usize },
}

/// Compares neighbours: time must grow and the temperature must not leap.
pub fn issues(readings: &[Reading], max_jump: f64) -> Vec<Issue> {
    let mut found = Vec::new();
    for (at, reading) in readings.iter().enumerate() {
        if reading.celsius.is_nan() {
            found.push(Issue::NotANumber { at });
        }
    }
    for (i, pair) in readings.windows(2).enumerate() {
        let at = i + 1;
        if pair[1].minute <= pair[0].minute {
            found.push(Issue::Backwards { at });
        }
        let degrees = (pair[1].celsius - pair[0].celsius).abs();
        if degrees > max_jump {
            found.push(Issue::Jump { at, degrees });
        }
    }
    found
}

pub fn usable(readings: &[Reading], max_jump: f64) -> Option<&[Reading]> {
    issues(readings, max_jump).is_empty().then_some(readings)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn readings(pairs: &[(u32, f64)]) -> Vec<Reading> {
        pairs
            .iter()
            .map(|&(minute, celsius)| Reading { minute, celsius })
            .collect()
    }

    #[test]
    fn steady_series() {
        let series = readings(&[(0, 20.0), (5, 21.5), (6, 20.0)]);
        assert_eq!(usable(&series, 1.5), Some(series.as_slice()));
        assert_eq!(usable(&series, 1.4), None);
    }

    #[test]
    fn lists_issues() {
        let series = readings(&[(0, 20.0), (0, 23.0), (1, f64::NAN)]);
        let expected = [
            Issue::NotANumber { at: 2 },
            Issue::Backwards { at: 1 },
            Issue::Jump {
                at: 1,
                degrees: 3.0,
            },
        ];
        assert_eq!(issues(&series, 2.0), expected);
    }
}
