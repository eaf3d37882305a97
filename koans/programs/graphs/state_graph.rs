use std::collections::{BTreeSet, HashMap};
use std::str::FromStr;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stage {
    Draft,
    Review,
    Approved,
    Rejected,
}

impl FromStr for Stage {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text.trim() {
            "draft" => Stage::Draft,
            "review" => Stage::Review,
            "approved" => Stage::Approved,
            "rejected" => Stage::Rejected,
            other => return Err(format!("unknown stage `{other}`")),
        })
    }
}

#[derive(Debug, Default)]
pub struct Workflow {
    moves: HashMap<Stage, BTreeSet<Stage>>,
}

impl Workflow {
    pub fn allows(&self, from: Stage, to: Stage) -> bool {
        self.moves.get(&from).is_some_and(|next| next.contains(&to))
    }

    pub fn final_stages(&self) -> Vec<Stage> {
        let all: BTreeSet<Stage> = self.moves.values().flatten().copied().collect();
        all.into_iter()
            .filter(|stage| !self.moves.contains_key(stage))
            .collect()
    }
}

impl FromStr for Workflow {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut flow = Workflow::default();
        for rule in text.split(';') {
            let (from, to) = rule
                .split_once('>')
                .ok_or_else(|| format!("no `>` in `{}`", rule.trim()))?;
            let from: Stage = from.parse()?;
            flow.moves.entry(from).or_default().insert(to.parse()?);
        }
        Ok(flow)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_rules() {
        let flow: Workflow = "draft > review; review > approved; review>rejected"
            .parse()
            .unwrap();
        assert!(flow.allows(Stage::Draft, Stage::Review));
        assert!(!flow.allows(Stage::Review, Stage::Draft));
        assert!(!flow.allows(Stage::Approved, Stage::Draft));
        assert_eq!(flow.final_stages(), [Stage::Approved, Stage::Rejected]);
    }

    #[test]
    fn reports_bad_rules() {
        let error = "draft > review; oops".parse::<Workflow>().unwrap_err();
        assert_eq!(error, "no `>` in `oops`");
        let error = "draft > lost".parse::<Workflow>().unwrap_err();
        assert_eq!(error, "unknown stage `lost`");
    }
}
