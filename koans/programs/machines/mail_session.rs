use std::mem;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mail {
    pub from: String,
    pub to: Vec<String>,
    pub body: String,
}

#[derive(Debug)]
enum State {
    Idle,
    Addressed(Mail),
    Writing(Mail),
}

/// The receiving side of a small line protocol: FROM, TO, TEXT, then lines up to a dot.
pub struct Session {
    state: State,
    inbox: Vec<Mail>,
}

impl Session {
    pub fn open() -> Session {
        let (state, inbox) = (State::Idle, vec![]);
        Session { state, inbox }
    }

    pub fn line(&mut self, line: &str) -> &'static str {
        let (state, answer) = match mem::replace(&mut self.state, State::Idle) {
            State::Writing(mail) if line == "." => {
                self.inbox.push(mail);
                (State::Idle, "stored")
            }
            State::Writing(mut mail) => {
                mail.body = mail.body + line + "\n";
                (State::Writing(mail), "")
            }
            State::Idle => match line.strip_prefix("FROM ") {
                Some(from) => {
                    let from = from.to_owned();
                    (
                        State::Addressed(Mail {
                            from,
                            ..Mail::default()
                        }),
                        "ok",
                    )
                }
                None => (State::Idle, "say FROM first"),
            },
            State::Addressed(mail) if line == "TEXT" && !mail.to.is_empty() => {
                (State::Writing(mail), "go on")
            }
            State::Addressed(mut mail) => {
                let name = line.strip_prefix("TO ");
                mail.to.extend(name.map(str::to_owned));
                let answer = name.map_or("say TO or TEXT", |_| "ok");
                (State::Addressed(mail), answer)
            }
        };
        self.state = state;
        answer
    }

    pub fn into_inbox(self) -> Vec<Mail> {
        self.inbox
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn receives_a_mail() {
        let mut session = Session::open();
        let script = ["FROM a", "TO b", "TO c", "TEXT", "hi", "TEXT", "."];
        let answers: Vec<&str> = script.iter().map(|line| session.line(line)).collect();
        assert_eq!(answers, ["ok", "ok", "ok", "go on", "", "", "stored"]);
        let expected = Mail {
            from: "a".into(),
            to: vec!["b".into(), "c".into()],
            body: "hi\nTEXT\n".into(),
        };
        assert_eq!(session.into_inbox(), [expected]);
    }

    #[test]
    fn guides_the_sender() {
        let mut session = Session::open();
        assert_eq!(session.line("TO b"), "say FROM first");
        assert_eq!(session.line("FROM a"), "ok");
        assert_eq!(session.line("TEXT"), "say TO or TEXT");
        assert!(session.into_inbox().is_empty());
    }
}
