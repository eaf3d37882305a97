/// Sorted by first postcode of the zone.
static ZONES: &[(u32, u8)] = &[(10_000, 1), (20_000, 3), (21_500, 2), (50_000, 4)];

pub fn zone_of(postcode: &str) -> Option<u8> {
    let number: u32 = postcode.parse().ok()?;
    let after = ZONES.partition_point(|&(first, _)| first <= number);
    let (_, zone) = ZONES.get(after.checked_sub(1)?)?;
    Some(*zone)
}

pub fn group_by_zone<'p>(postcodes: &[&'p str]) -> ([Vec<&'p str>; 5], usize) {
    let mut groups: [Vec<&'p str>; 5] = Default::default();
    let mut unknown = 0usize;
    for postcode in postcodes {
        match zone_of(postcode) {
            Some(zone) => groups[zone as usize].push(*postcode),
            None => unknown += 1,
        }
    }
    (groups, unknown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn borders() {
        assert_eq!(zone_of("09999"), None);
        assert_eq!(zone_of("10000"), Some(1));
        assert_eq!(zone_of("21499"), Some(3));
        assert_eq!(zone_of("21500"), Some(2));
        assert_eq!(zone_of("99999"), Some(4));
        assert_eq!(zone_of("D-100"), None);
    }

    #[test]
    fn groups() {
        let (groups, unknown) = group_by_zone(&["20001", "x", "12345", "20002"]);
        assert_eq!(groups[3], ["20001", "20002"]);
        assert_eq!(groups[1], ["12345"]);
        assert!(groups[0].is_empty());
        assert_eq!(unknown, 1);
    }
}
