#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backend {
    pub addr: String,
    pub weight: u32,
    pub busy: u32,
    pub healthy: bool,
}

/// Picks the healthy backend with the fewest requests per weight and counts one more for it.
pub fn assign(backends: &mut [Backend]) -> Option<&str> {
    let chosen = backends
        .iter_mut()
        .filter(|b| b.healthy)
        .min_by_key(|b| b.busy * 1000 / b.weight)?;
    chosen.busy += 1;
    Some(&chosen.addr)
}

pub fn release(backends: &mut [Backend], addr: &str) {
    for b in backends.iter_mut().filter(|b| b.addr == addr) {
        b.busy = b.busy.saturating_sub(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn backend(addr: &str, weight: u32, healthy: bool) -> Backend {
        Backend {
            addr: addr.to_string(),
            weight,
            busy: 0,
            healthy,
        }
    }

    #[test]
    fn weights_matter() {
        let mut all = [
            backend("s", 1, true),
            backend("l", 2, true),
            backend("x", 9, false),
        ];
        let mut given = String::new();
        for _ in 0..6 {
            given += assign(&mut all).unwrap();
        }
        assert_eq!(given, "sllsll");
        assert_eq!(all[1].busy, 4);
    }

    #[test]
    fn released_ones_are_free() {
        let mut all = [backend("a", 1, true), backend("b", 1, true)];
        assign(&mut all);
        assign(&mut all);
        release(&mut all, "b");
        release(&mut all, "b");
        assert_eq!(assign(&mut all), Some("b"));
        assert_eq!(assign(&mut [backend("x", 1, false)]), None);
    }
}
