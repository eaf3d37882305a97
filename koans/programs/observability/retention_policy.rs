use std::collections::BTreeMap;

/// Keeps samples whole while young, one per `step` when older than `full`.
pub fn thin(samples: &mut BTreeMap<u64, f64>, now: u64, full: u64, step: u64) -> usize {
    let before = samples.len();
    let edge = now.saturating_sub(full);
    let mut last_slot = None;
    samples.retain(|at, _| {
        if *at >= edge {
            return true;
        }
        let slot = at / step;
        last_slot.replace(slot) != Some(slot)
    });
    before - samples.len()
}

pub fn drop_older(samples: &mut BTreeMap<u64, f64>, than: u64) {
    *samples = samples.split_off(&than);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(times: &[u64]) -> BTreeMap<u64, f64> {
        times.iter().map(|t| (*t, *t as f64)).collect()
    }

    #[test]
    fn old_ones_are_thinned() {
        let mut s = series(&[1, 4, 9, 11, 19, 32, 33]);
        assert_eq!(thin(&mut s, 40, 8, 10), 3);
        assert_eq!(s.into_keys().collect::<Vec<_>>(), [1, 11, 32, 33]);
    }

    #[test]
    fn very_old_ones_go() {
        let mut s = series(&[1, 5, 6]);
        drop_older(&mut s, 5);
        assert_eq!(s, series(&[5, 6]));
        assert_eq!(thin(&mut s, 3, 10, 2), 0);
    }
}
