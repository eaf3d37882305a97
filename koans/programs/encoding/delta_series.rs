#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deltas {
    first: i64,
    steps: Vec<i16>,
}

impl Deltas {
    pub fn compress(values: &[i64]) -> Option<Deltas> {
        let first = *values.first()?;
        let steps = values
            .windows(2)
            .map(|pair| i16::try_from(pair[1].checked_sub(pair[0])?).ok())
            .collect::<Option<Vec<i16>>>()?;
        Some(Deltas { first, steps })
    }

    pub fn values(&self) -> impl Iterator<Item = i64> + '_ {
        let mut current = self.first;
        let rest = self.steps.iter().map(move |&step| {
            current += i64::from(step);
            current
        });
        std::iter::once(self.first).chain(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn restores() {
        let values = [1_700_000_000, 1_700_000_060, 1_700_000_055];
        let deltas = Deltas::compress(&values).unwrap();
        assert_eq!(
            deltas,
            Deltas {
                first: 1_700_000_000,
                steps: vec![60, -5]
            }
        );
        assert_eq!(deltas.values().collect::<Vec<_>>(), values);
        assert_eq!(deltas.values().count(), 3);
    }

    #[test]
    fn refuses() {
        assert_eq!(Deltas::compress(&[]), None);
        assert_eq!(Deltas::compress(&[0, 40_000]), None);
        assert_eq!(Deltas::compress(&[i64::MIN, i64::MAX]), None);
    }
}
