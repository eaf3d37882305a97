#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    Done(String),
    Failed { job: String, code: u8 },
}

/// Names of finished jobs, and the worst code among the failed ones.
pub fn summary(outcomes: impl IntoIterator<Item = Outcome>) -> (Vec<String>, Option<u8>) {
    let (done, failed): (Vec<_>, Vec<_>) = outcomes
        .into_iter()
        .partition(|outcome| matches!(outcome, Outcome::Done(_)));
    let names = done.into_iter().filter_map(|outcome| match outcome {
        Outcome::Done(job) => Some(job),
        Outcome::Failed { .. } => None,
    });
    let codes = failed.iter().map(|outcome| match outcome {
        Outcome::Failed { code, .. } => *code,
        Outcome::Done(_) => 0,
    });
    (names.collect(), codes.max())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_outcomes() {
        let outcomes = vec![
            Outcome::Done("scan".to_string()),
            Outcome::Failed {
                job: "mail".to_string(),
                code: 3,
            },
            Outcome::Failed {
                job: "pack".to_string(),
                code: 2,
            },
            Outcome::Done("sort".to_string()),
        ];
        let copy = outcomes.clone();
        let (names, worst) = summary(outcomes);
        assert_eq!(names, ["scan", "sort"]);
        assert_eq!(worst, Some(3));
        assert_eq!(summary(copy.into_iter().take(1)).1, None);
    }

    #[test]
    fn no_jobs() {
        assert_eq!(summary([]), (vec![], None));
    }
}
