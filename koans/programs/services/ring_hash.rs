use std::collections::BTreeMap;

/// Places nodes on a ring; a key belongs to the next node clockwise.
pub struct Ring<N> {
    points: BTreeMap<u32, N>,
}

impl<N: Clone> Ring<N> {
    pub fn new(points: impl IntoIterator<Item = (u32, N)>) -> Self {
        let points = points.into_iter().collect();
        Ring { points }
    }

    pub fn owner(&self, key: u32) -> Option<&N> {
        self.points
            .range(key..)
            .next()
            .or_else(|| self.points.iter().next())
            .map(|(_, node)| node)
    }

    /// Up to `n` nodes after a key, for copies.
    pub fn replicas(&self, key: u32, n: usize) -> Vec<N> {
        let after = self.points.range(key..);
        let wrapped = self.points.range(..key);
        after
            .chain(wrapped)
            .take(n)
            .map(|(_, v)| v.clone())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring() -> Ring<String> {
        Ring::new([(100, "n1"), (200, "n2"), (300, "n3")].map(|(p, n)| (p, n.to_string())))
    }

    #[test]
    fn next_clockwise() {
        let r = ring();
        assert_eq!(r.owner(100).unwrap(), "n1");
        assert_eq!(r.owner(101).unwrap(), "n2");
        assert_eq!(r.owner(301).unwrap(), "n1");
        assert!(Ring::<u8>::new([]).owner(4).is_none());
    }

    #[test]
    fn replicas_wrap() {
        assert_eq!(ring().replicas(250, 2), ["n3", "n1"]);
        assert_eq!(ring().replicas(0, 9), ["n1", "n2", "n3"]);
    }
}
