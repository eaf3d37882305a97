#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    Locked,
    Open(u8),
}

#[derive(Debug, Clone, Copy)]
pub enum Event {
    Ticket(u8),
    Pass,
}

impl Gate {
    pub fn next(self, event: Event) -> Gate {
        match (self, event) {
            (Gate::Locked, Event::Ticket(n)) if n > 0 => Gate::Open(n),
            (Gate::Open(left), Event::Ticket(n)) => Gate::Open(left.saturating_add(n)),
            (Gate::Open(0 | 1), Event::Pass) => Gate::Locked,
            (Gate::Open(left), Event::Pass) => Gate::Open(left - 1),
            (state, _) => state,
        }
    }
}

fn main() {
    let gate = [Event::Ticket(2), Event::Pass]
        .into_iter()
        .fold(Gate::Locked, Gate::next);
    println!("{gate:?}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(events: &[Event]) -> Gate {
        events
            .iter()
            .fold(Gate::Locked, |gate, &event| gate.next(event))
    }

    #[test]
    fn one_ticket_one_pass() {
        assert_eq!(run(&[Event::Ticket(1)]), Gate::Open(1));
        assert_eq!(run(&[Event::Ticket(1), Event::Pass]), Gate::Locked);
        assert_eq!(run(&[Event::Pass, Event::Ticket(0)]), Gate::Locked);
    }

    #[test]
    fn group_tickets() {
        let gate = run(&[Event::Ticket(3), Event::Pass, Event::Ticket(2)]);
        assert_eq!(gate, Gate::Open(4));
        assert_eq!(gate.next(Event::Ticket(255)), Gate::Open(255));
    }
}
