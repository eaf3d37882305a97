use std::collections::HashMap;

pub type Fares = HashMap<(String, String), u32>;

/// Total fare along the stops, or the first leg that nobody serves.
pub fn fare(fares: &Fares, stops: &[&str]) -> Result<u32, String> {
    let mut total = 0;
    for leg in stops.windows(2) {
        let key = (leg[0].to_string(), leg[1].to_string());
        let price = fares
            .get(&key)
            .ok_or_else(|| format!("no ride {} to {}", leg[0], leg[1]))?;
        total += price;
    }
    Ok(total)
}

pub fn cheapest<'r>(fares: &Fares, routes: &[&'r [&'r str]]) -> Option<&'r [&'r str]> {
    let served = routes
        .iter()
        .filter_map(|route| Some((fare(fares, route).ok()?, *route)));
    served
        .min_by_key(|(price, _)| *price)
        .map(|(_, route)| route)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fares() -> Fares {
        [("a", "b", 5), ("b", "c", 6), ("a", "c", 12)]
            .into_iter()
            .map(|(from, to, price)| ((from.to_string(), to.to_string()), price))
            .collect()
    }

    #[test]
    fn adds_legs() {
        assert_eq!(fare(&fares(), &["a", "b", "c"]), Ok(11));
        assert_eq!(fare(&fares(), &["a"]), Ok(0));
        let error = fare(&fares(), &["a", "c", "b"]);
        assert_eq!(error, Err("no ride c to b".to_string()));
    }

    #[test]
    fn picks_cheapest() {
        let routes: [&[&str]; 3] = [&["a", "c"], &["a", "b", "c"], &["c", "a"]];
        assert_eq!(cheapest(&fares(), &routes), Some(&["a", "b", "c"][..]));
        assert_eq!(cheapest(&fares(), &routes[2..]), None);
    }
}
