type Task = Box<dyn FnOnce(&mut Vec<String>)>;

/// Clean-up steps that run last in, first out.
#[derive(Default)]
pub struct Cleanup {
    tasks: Vec<Task>,
}

impl Cleanup {
    pub fn later(&mut self, task: impl FnOnce(&mut Vec<String>) + 'static) -> &mut Self {
        self.tasks.push(Box::new(task));
        self
    }

    pub fn run(self) -> Vec<String> {
        let mut log = Vec::new();
        for task in self.tasks.into_iter().rev() {
            task(&mut log);
        }
        log
    }
}

pub fn open_session(user: String, cleanup: &mut Cleanup) -> String {
    let token = format!("{user}-token");
    let revoked = token.clone();
    cleanup
        .later(move |log| log.push(format!("bye {user}")))
        .later(move |log| log.push(format!("revoke {revoked}")));
    token
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reverse_order() {
        let mut cleanup = Cleanup::default();
        let token = open_session("ivy".to_string(), &mut cleanup);
        assert_eq!(token, "ivy-token");
        cleanup.later(|log| log.push(log.len().to_string()));
        assert_eq!(cleanup.run(), ["0", "revoke ivy-token", "bye ivy"]);
    }

    #[test]
    fn nothing_to_do() {
        assert!(Cleanup::default().run().is_empty());
    }
}
