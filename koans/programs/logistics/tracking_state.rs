use std::fmt;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    Announced,
    InTransit { hub: String },
    OutForDelivery { attempt: u8 },
    Delivered { to: String },
    Returned,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    Scanned(String),
    Loaded,
    NotAtHome,
    HandedTo(String),
}

#[derive(Debug, PartialEq, Eq)]
pub struct Impossible {
    pub state: State,
    pub event: Event,
}

impl fmt::Display for Impossible {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} cannot follow {:?}", self.event, self.state)
    }
}

const MAX_ATTEMPTS: u8 = 2;

impl State {
    pub fn next(self, event: Event) -> Result<State, Impossible> {
        let state = match (&self, &event) {
            (State::Announced | State::InTransit { .. }, Event::Scanned(hub)) => {
                State::InTransit { hub: hub.clone() }
            }
            (State::InTransit { .. }, Event::Loaded) => State::OutForDelivery { attempt: 1 },
            (State::OutForDelivery { attempt }, Event::NotAtHome) if *attempt < MAX_ATTEMPTS => {
                State::OutForDelivery {
                    attempt: attempt + 1,
                }
            }
            (State::OutForDelivery { .. }, Event::NotAtHome) => State::Returned,
            (State::OutForDelivery { .. }, Event::HandedTo(name)) => {
                State::Delivered { to: name.clone() }
            }
            _ => return Err(Impossible { state: self, event }),
        };
        Ok(state)
    }
}

pub fn replay<I: IntoIterator<Item = Event>>(events: I) -> Result<State, Impossible> {
    events.into_iter().try_fold(State::Announced, State::next)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scanned(hub: &str) -> Event {
        Event::Scanned(hub.to_string())
    }

    #[test]
    fn happy_path() {
        let events = vec![scanned("K1"), scanned("K2"), Event::Loaded];
        assert_eq!(
            replay(events[..2].to_vec()),
            Ok(State::InTransit { hub: "K2".into() })
        );
        let mut all = events.clone();
        all.push(Event::NotAtHome);
        assert_eq!(
            replay(all.clone()),
            Ok(State::OutForDelivery { attempt: 2 })
        );
        all.push(Event::HandedTo("neighbour".to_string()));
        assert_eq!(
            replay(all),
            Ok(State::Delivered {
                to: "neighbour".into()
            })
        );
    }

    #[test]
    fn goes_back_after_two_attempts() {
        let events = [
            scanned("K"),
            Event::Loaded,
            Event::NotAtHome,
            Event::NotAtHome,
        ];
        assert_eq!(replay(events), Ok(State::Returned));
    }

    #[test]
    fn impossible_steps_are_named() {
        let wrong = replay([Event::Loaded]).unwrap_err();
        assert_eq!(wrong.to_string(), "Loaded cannot follow Announced");
        assert_eq!(wrong.state, State::Announced);
        assert!(State::Returned.next(scanned("K")).is_err());
    }
}
