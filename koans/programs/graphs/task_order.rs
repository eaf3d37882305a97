use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

#[derive(Debug, PartialEq, Eq)]
pub enum OrderError {
    Unknown { task: String, needs: String },
    Stuck(Vec<String>),
}

impl fmt::Display for OrderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { task, needs } => write!(f, "{task} needs unknown {needs}"),
            Self::Stuck(tasks) => write!(f, "tasks wait on each other: {}", tasks.join(", ")),
        }
    }
}

#[derive(Default)]
pub struct TaskBook {
    needs: BTreeMap<String, BTreeSet<String>>,
}

impl TaskBook {
    pub fn task(mut self, name: &str, needs: &[&str]) -> Self {
        let set = needs.iter().map(|need| need.to_string()).collect();
        self.needs.insert(name.to_string(), set);
        self
    }

    fn check(&self) -> Result<(), OrderError> {
        for (task, needs) in &self.needs {
            if let Some(missing) = needs.iter().find(|need| !self.needs.contains_key(*need)) {
                return Err(OrderError::Unknown {
                    task: task.clone(),
                    needs: missing.clone(),
                });
            }
        }
        Ok(())
    }

    /// Tasks in rounds: all tasks of a round may run side by side.
    pub fn rounds(&self) -> Result<Vec<Vec<String>>, OrderError> {
        self.check()?;
        let mut waiting = self.needs.clone();
        let mut rounds = Vec::new();
        while !waiting.is_empty() {
            let ready: Vec<String> = waiting
                .iter()
                .filter(|(_, needs)| needs.is_empty())
                .map(|(task, _)| task.clone())
                .collect();
            if ready.is_empty() {
                return Err(OrderError::Stuck(waiting.into_keys().collect()));
            }
            for task in &ready {
                waiting.remove(task);
                waiting.values_mut().for_each(|needs| {
                    needs.remove(task);
                });
            }
            rounds.push(ready);
        }
        Ok(rounds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_follow_needs() {
        let book = TaskBook::default()
            .task("paint", &["sand", "buy"])
            .task("sand", &[])
            .task("buy", &[])
            .task("hang", &["paint"]);
        let rounds = book.rounds().unwrap();
        assert_eq!(rounds, [vec!["buy", "sand"], vec!["paint"], vec!["hang"]]);
    }

    #[test]
    fn unknown_need() {
        let book = TaskBook::default().task("a", &["b"]);
        let error = book.rounds().unwrap_err();
        assert_eq!(error.to_string(), "a needs unknown b");
    }

    #[test]
    fn circular_needs() {
        let book = TaskBook::default()
            .task("a", &["b"])
            .task("b", &["a"])
            .task("c", &[]);
        let error = book.rounds().unwrap_err();
        assert_eq!(error.to_string(), "tasks wait on each other: a, b");
    }
}
