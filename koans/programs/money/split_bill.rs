use std::collections::BTreeMap;

/// Divides `total` cents over the guests; the first ones in the list take the odd cents.
pub fn split_evenly(total: u64, guests: &[String]) -> BTreeMap<String, u64> {
    let count = guests.len() as u64;
    let mut shares = BTreeMap::new();
    if count == 0 {
        return shares;
    }
    let base = total / count;
    let mut odd = total % count;
    for guest in guests {
        let extra = if odd > 0 { 1 } else { 0 };
        odd -= extra;
        *shares.entry(guest.clone()).or_insert(0) += base + extra;
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(list: &[&str]) -> Vec<String> {
        list.iter().map(|n| n.to_string()).collect()
    }

    #[test]
    fn odd_cents_go_to_the_front() {
        let guests = names(&["mia", "ben", "ann"]);
        let shares = split_evenly(1001, &guests);
        assert_eq!(shares["mia"], 334);
        assert_eq!(shares["ben"], 334);
        assert_eq!(shares["ann"], 333);
        assert_eq!(guests.len(), 3);
    }

    #[test]
    fn a_guest_listed_twice_pays_twice() {
        let shares = split_evenly(90, &names(&["ann", "ben", "ann"]));
        assert_eq!(shares["ann"], 60);
        assert_eq!(shares.len(), 2);
    }

    #[test]
    fn nobody_means_no_shares() {
        assert!(split_evenly(500, &[]).is_empty());
    }
}
