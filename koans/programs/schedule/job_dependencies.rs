use std::collections::{BTreeMap, BTreeSet};

#[derive(Default)]
pub struct Plan {
    jobs: BTreeMap<String, BTreeSet<String>>,
}

impl Plan {
    pub fn job(mut self, name: &str, needs: &[&str]) -> Self {
        let needs = needs.iter().map(|n| n.to_string());
        self.jobs.entry(name.to_string()).or_default().extend(needs);
        self
    }

    /// Names that are needed by some job but never planned.
    pub fn missing(&self) -> Vec<&str> {
        let needed: BTreeSet<&String> = self.jobs.values().flatten().collect();
        needed
            .into_iter()
            .filter(|name| !self.jobs.contains_key(*name))
            .map(String::as_str)
            .collect()
    }

    /// Groups jobs into waves: a wave may start when all waves before it are done.
    /// The error holds the jobs that can never start.
    pub fn waves(&self) -> Result<Vec<Vec<String>>, Vec<String>> {
        let mut open = self.jobs.clone();
        let mut waves = Vec::new();
        while !open.is_empty() {
            let ready: Vec<String> = open
                .iter()
                .filter(|(_, needs)| needs.iter().all(|n| !open.contains_key(n)))
                .map(|(name, _)| name.clone())
                .collect();
            if ready.is_empty() {
                return Err(open.into_keys().collect());
            }
            for name in &ready {
                open.remove(name);
            }
            waves.push(ready);
        }
        Ok(waves)
    }
}

fn main() {
    let plan = Plan::default().job("bake", &["mix"]).job("mix", &[]);
    println!("{:?}", plan.waves());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waves_respect_needs() {
        let plan = Plan::default()
            .job("paint", &["sand", "mask"])
            .job("sand", &["strip"])
            .job("mask", &[])
            .job("strip", &[]);
        let waves = plan.waves().unwrap();
        assert_eq!(
            waves,
            vec![vec!["mask", "strip"], vec!["sand"], vec!["paint"]]
        );
        assert!(plan.missing().is_empty());
    }

    #[test]
    fn circles_are_reported() {
        let plan = Plan::default()
            .job("a", &["b"])
            .job("b", &["a"])
            .job("c", &[]);
        assert_eq!(plan.waves(), Err(vec!["a".to_string(), "b".to_string()]));
    }

    #[test]
    fn unplanned_names() {
        let plan = Plan::default().job("a", &["x", "b"]).job("b", &["w", "x"]);
        assert_eq!(plan.missing(), ["w", "x"]);
    }
}
