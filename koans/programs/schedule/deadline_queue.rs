use std::cmp::Ordering;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    pub name: String,
    pub due: u32,
    pub effort: u32,
}

impl Ord for Task {
    fn cmp(&self, other: &Self) -> Ordering {
        self.due
            .cmp(&other.due)
            .then_with(|| other.effort.cmp(&self.effort))
            .then_with(|| self.name.cmp(&other.name))
    }
}

impl PartialOrd for Task {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Works the tasks off one after another and names those that come too late.
pub fn late_tasks(tasks: &[Task], start: u32) -> Vec<(String, u32)> {
    let mut line = tasks.to_vec();
    line.sort();
    let mut clock = start;
    let mut late = Vec::new();
    for task in line {
        clock += task.effort;
        if clock > task.due {
            late.push((task.name, clock - task.due));
        }
    }
    late
}

#[cfg(test)]
mod tests {
    use super::*;

    fn task(name: &str, due: u32, effort: u32) -> Task {
        Task {
            name: name.to_string(),
            due,
            effort,
        }
    }

    #[test]
    fn earliest_deadline_first() {
        let tasks = [task("print", 9, 4), task("bind", 10, 4), task("cut", 4, 3)];
        assert_eq!(late_tasks(&tasks, 0), vec![("bind".to_string(), 1)]);
        assert_eq!(late_tasks(&tasks, 2).len(), 2);
        assert_eq!(tasks[0].name, "print");
    }

    #[test]
    fn same_deadline_puts_big_work_first() {
        assert!(task("b", 5, 9) < task("a", 5, 1));
        assert!(task("a", 5, 1) < task("b", 5, 1));
        assert_eq!(
            task("a", 1, 1).partial_cmp(&task("a", 2, 1)),
            Some(Ordering::Less)
        );
    }
}
