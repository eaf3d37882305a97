use std::collections::BTreeMap;

#[derive(Debug, Default, Clone, PartialEq)]
pub struct Profile {
    counts: BTreeMap<String, usize>,
    total: usize,
}

impl Profile {
    pub fn of(text: &str) -> Self {
        let mut profile = Self::default();
        profile.add(text);
        profile
    }

    pub fn add(&mut self, text: &str) {
        for word in text
            .split(|c: char| !c.is_alphabetic())
            .filter(|w| w.len() > 1)
        {
            *self.counts.entry(word.to_lowercase()).or_insert(0) += 1;
            self.total += 1;
        }
    }

    /// Most frequent first; equal counts in alphabetical order.
    pub fn top(&self, n: usize) -> Vec<(&str, usize)> {
        let mut pairs: Vec<_> = self.counts.iter().map(|(w, &c)| (w.as_str(), c)).collect();
        pairs.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
        pairs.truncate(n);
        pairs
    }

    pub fn share(&self, word: &str) -> f64 {
        if self.total == 0 {
            return 0.0;
        }
        let count = self.counts.get(word).copied().unwrap_or_default();
        count as f64 / self.total as f64
    }

    pub fn merged(mut self, other: Profile) -> Profile {
        for (word, count) in other.counts {
            *self.counts.entry(word).or_default() += count;
        }
        self.total += other.total;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_words() {
        let profile = Profile::of("The cat and the dog, and THE bird.");
        assert_eq!(profile.top(3), [("the", 3), ("and", 2), ("bird", 1)]);
        assert_eq!(profile.share("and"), 0.25);
        assert_eq!(profile.share("cow"), 0.0);
        assert_eq!(Profile::of("").share("cow"), 0.0);
    }

    #[test]
    fn merges() {
        let left = Profile::of("red red");
        let both = left.clone().merged(Profile::of("red blue"));
        assert_eq!(both, Profile::of("red red red blue"));
        assert_eq!(left.top(9), [("red", 2)]);
    }
}
