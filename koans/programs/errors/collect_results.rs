pub fn parse_all(fields: &[&str]) -> Result<Vec<i32>, String> {
    fields
        .iter()
        .map(|field| field.parse::<i32>().map_err(|e| format!("{field:?}: {e}")))
        .collect()
}

/// Keeps what parses and reports the rest.
pub fn parse_some(fields: &[&str]) -> (Vec<i32>, Vec<String>) {
    let (good, bad): (Vec<_>, Vec<_>) = fields
        .iter()
        .map(|f| f.parse::<i32>().map_err(|_| f.to_string()))
        .partition(|r| r.is_ok());
    (
        good.into_iter().flatten().collect(),
        bad.into_iter().filter_map(Result::err).collect(),
    )
}

pub fn checked_total(values: &[i32]) -> Option<i32> {
    values.iter().try_fold(0i32, |acc, v| acc.checked_add(*v))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_or_nothing() {
        assert_eq!(parse_all(&["4", "-7"]), Ok(vec![4, -7]));
        assert_eq!(
            parse_all(&["4", "x", "y"]).unwrap_err(),
            "\"x\": invalid digit found in string"
        );
    }

    #[test]
    fn keeps_good_ones() {
        let (good, bad) = parse_some(&["1", "two", "3", ""]);
        assert_eq!(good, vec![1, 3]);
        assert_eq!(bad, vec!["two", ""]);
    }

    #[test]
    fn totals() {
        assert_eq!(checked_total(&[5, -2]), Some(3));
        assert_eq!(checked_total(&[i32::MAX, 1]), None);
    }
}
