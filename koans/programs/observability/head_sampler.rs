/// Keeps every trace of a rare kind and one in `every` of the others, by its id.
pub struct Sampler<'a> {
    pub every: u64,
    pub always: &'a [&'a str],
}

impl Sampler<'_> {
    pub fn keeps(&self, trace_id: u64, kind: &str) -> bool {
        self.always.contains(&kind) || trace_id % self.every == 0
    }

    /// How many traces a kept one stands for.
    pub fn weight(&self, kind: &str) -> u64 {
        let rare = self.always.contains(&kind);
        [self.every, 1][usize::from(rare)]
    }
}

pub fn estimate<'t>(sampler: &Sampler, traces: impl Iterator<Item = &'t (u64, &'t str)>) -> u64 {
    traces
        .filter(|(id, kind)| sampler.keeps(*id, kind))
        .map(|(_, kind)| sampler.weight(kind))
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: Sampler = Sampler {
        every: 10,
        always: &["error"],
    };

    #[test]
    fn keeps() {
        assert!(S.keeps(20, "read"));
        assert!(!S.keeps(21, "read"));
        assert!(S.keeps(21, "error"));
    }

    #[test]
    fn estimates() {
        let mut traces: Vec<(u64, &str)> = (1..=30).map(|i| (i, "read")).collect();
        assert_eq!(estimate(&S, traces.iter()), 30);
        traces.push((31, "error"));
        assert_eq!(estimate(&S, traces.iter()), 31);
        assert_eq!((S.weight("read"), S.weight("error")), (10, 1));
    }
}
