use std::collections::BTreeMap;

pub struct Stop {
    pub name: String,
    pub line: char,
}

/// Index over stops that somebody else owns.
pub struct Network<'s> {
    by_line: BTreeMap<char, Vec<&'s Stop>>,
}

impl<'s> Network<'s> {
    pub fn build<I>(stops: I) -> Self
    where
        I: IntoIterator<Item = &'s Stop>,
    {
        let mut by_line: BTreeMap<char, Vec<&'s Stop>> = BTreeMap::new();
        for stop in stops {
            by_line.entry(stop.line).or_default().push(stop);
        }
        Network { by_line }
    }

    pub fn on_line(&self, line: char) -> impl Iterator<Item = &'s str> + '_ {
        self.by_line
            .get(&line)
            .into_iter()
            .flatten()
            .map(|stop| stop.name.as_str())
    }

    pub fn terminus(&self, line: char) -> Option<&'s Stop> {
        self.by_line.get(&line)?.last().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stops() -> Vec<Stop> {
        [("Mill", 'A'), ("Dock", 'B'), ("Park", 'A')]
            .map(|(name, line)| Stop {
                name: name.to_string(),
                line,
            })
            .into()
    }

    #[test]
    fn lists_a_line() {
        let stops = stops();
        let net = Network::build(&stops);
        assert_eq!(net.on_line('A').collect::<Vec<_>>(), ["Mill", "Park"]);
        assert_eq!(net.on_line('Z').count(), 0);
    }

    #[test]
    fn terminus_outlives_the_index() {
        let stops = stops();
        let end = {
            let net = Network::build(stops.iter());
            assert!(net.terminus('C').is_none());
            net.terminus('A')
        };
        assert_eq!(end.map(|s| s.name.as_str()), Some("Park"));
    }
}
