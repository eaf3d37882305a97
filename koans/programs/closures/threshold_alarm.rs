/// Fires once each time the level rises above the threshold.
pub fn watcher<F>(threshold: f64, mut fire: F) -> impl FnMut(f64)
where
    F: FnMut(f64),
{
    let mut above = false;
    move |level| {
        let now = level > threshold;
        if now && !above {
            fire(level);
        }
        above = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fires_on_rising_edge() {
        let mut fired = Vec::new();
        let mut watch = watcher(2.0, |level| fired.push(level));
        for level in [2.5, 3.0, 2.0, 9.0] {
            watch(level);
        }
        drop(watch);
        assert_eq!(fired, vec![2.5, 9.0]);
    }

    #[test]
    fn stays_quiet() {
        let mut count = 0;
        [5.0, 5.0]
            .into_iter()
            .for_each(watcher(5.0, |_| count += 1));
        assert_eq!(count, 0);
    }
}
