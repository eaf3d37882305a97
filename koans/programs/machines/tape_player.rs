use std::collections::HashMap;
use std::hash::Hash;

/// A transition table for any pair of small state and event types.
#[derive(Debug, Clone)]
pub struct Machine<S, E> {
    table: HashMap<(S, E), S>,
    current: S,
}

impl<S, E> Machine<S, E>
where
    S: Copy + Eq + Hash,
    E: Copy + Eq + Hash,
{
    pub fn new(start: S, rules: &[(S, E, S)]) -> Self {
        let table = rules
            .iter()
            .map(|&(from, event, to)| ((from, event), to))
            .collect();
        Machine {
            table,
            current: start,
        }
    }

    pub fn fire(&mut self, event: E) -> Option<S> {
        let next = *self.table.get(&(self.current, event))?;
        self.current = next;
        Some(next)
    }

    pub fn current(&self) -> S {
        self.current
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Deck {
    Stopped,
    Playing,
    Paused,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Key {
    Play,
    Pause,
    Stop,
}

pub fn tape_deck() -> Machine<Deck, Key> {
    Machine::new(
        Deck::Stopped,
        &[
            (Deck::Stopped, Key::Play, Deck::Playing),
            (Deck::Playing, Key::Pause, Deck::Paused),
            (Deck::Paused, Key::Pause, Deck::Playing),
            (Deck::Playing, Key::Stop, Deck::Stopped),
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plays_and_pauses() {
        let mut deck = tape_deck();
        assert_eq!(deck.fire(Key::Pause), None);
        assert_eq!(deck.fire(Key::Play), Some(Deck::Playing));
        assert_eq!(deck.fire(Key::Pause), Some(Deck::Paused));
        assert_eq!(deck.fire(Key::Stop), None);
        assert_eq!(deck.current(), Deck::Paused);
    }

    #[test]
    fn works_for_other_types() {
        let mut machine = Machine::new(0u8, &[(0, 'a', 1), (1, 'b', 0)]);
        let copy = machine.clone();
        assert_eq!(machine.fire('a'), Some(1));
        assert_eq!(machine.fire('a'), None);
        assert_eq!(copy.current(), 0);
    }
}
