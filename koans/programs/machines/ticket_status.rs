use std::str::FromStr;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    New,
    Active,
    Closed,
}

impl FromStr for Status {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, String> {
        let known = [Status::New, Status::Active, Status::Closed];
        let found = known
            .into_iter()
            .find(|k| format!("{k:?}").eq_ignore_ascii_case(s));
        found.ok_or_else(|| s.to_string())
    }
}

/// True when a ticket only ever moves forward through `history`.
pub fn moves_forward(history: &str) -> Result<bool, String> {
    let states: Vec<Status> = history
        .split(',')
        .map(str::parse)
        .collect::<Result<_, _>>()?;
    Ok(states.windows(2).all(|pair| pair[0] < pair[1]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_history() {
        assert_eq!(moves_forward("new,ACTIVE,Closed"), Ok(true));
        assert_eq!(moves_forward("new,closed"), Ok(true));
        assert_eq!(moves_forward("active,active"), Ok(false));
        assert_eq!(moves_forward("closed,active"), Ok(false));
    }

    #[test]
    fn parses() {
        assert_eq!("active".parse(), Ok(Status::Active));
        assert_eq!(moves_forward("new,lost"), Err("lost".to_string()));
    }
}
