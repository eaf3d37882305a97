use std::ops::RangeInclusive;

/// Forces settings into their ranges and names the ones that were off.
pub fn force<'n>(
    settings: &mut [(&'n str, i32)],
    limits: &dyn Fn(&str) -> RangeInclusive<i32>,
) -> Vec<&'n str> {
    let mut changed = vec![];
    for (name, value) in settings {
        let range = limits(name);
        if !range.contains(value) {
            *value = (*value).clamp(*range.start(), *range.end());
            changed.push(*name);
        }
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(name: &str) -> RangeInclusive<i32> {
        match name {
            "volume" => 0..=10,
            _ => -5..=5,
        }
    }

    #[test]
    fn values_are_forced() {
        let mut settings = [("volume", 11), ("bass", -5), ("treble", -9)];
        assert_eq!(force(&mut settings, &limits), ["volume", "treble"]);
        assert_eq!(settings, [("volume", 10), ("bass", -5), ("treble", -5)]);
    }

    #[test]
    fn good_values_stay() {
        let mut settings = [("volume", 0), ("volume", 10)];
        assert!(force(&mut settings, &limits).is_empty());
        assert_eq!(settings[1].1, 10);
    }
}
