#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    WaitMs(u32),
    GiveUp,
}

/// Doubling waits with a ceiling, over a limited number of attempts.
#[derive(Debug, Clone)]
pub struct Ladder {
    next_ms: u32,
    ceiling_ms: u32,
    left: u8,
}

impl Ladder {
    pub fn new(first_ms: u32, ceiling_ms: u32, attempts: u8) -> Self {
        Ladder {
            next_ms: first_ms,
            ceiling_ms,
            left: attempts,
        }
    }

    pub fn failed(&mut self) -> Step {
        let Some(left) = self.left.checked_sub(1) else {
            return Step::GiveUp;
        };
        self.left = left;
        let wait = self.next_ms.min(self.ceiling_ms);
        self.next_ms = wait.saturating_mul(2);
        Step::WaitMs(wait)
    }
}

pub fn retry<T, E>(
    ladder: &Ladder,
    mut call: impl FnMut(u8) -> Result<T, E>,
) -> (Result<T, E>, u32) {
    let mut ladder = ladder.clone();
    let mut waited = 0;
    let mut attempt = 0;
    loop {
        match call(attempt) {
            Ok(value) => return (Ok(value), waited),
            Err(error) => match ladder.failed() {
                Step::WaitMs(ms) => waited += ms,
                Step::GiveUp => return (Err(error), waited),
            },
        }
        attempt += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn climbs_and_stops() {
        let mut ladder = Ladder::new(100, 250, 3);
        let steps: Vec<Step> = (0..4).map(|_| ladder.failed()).collect();
        let waits = [
            Step::WaitMs(100),
            Step::WaitMs(200),
            Step::WaitMs(250),
            Step::GiveUp,
        ];
        assert_eq!(steps, waits);
    }

    #[test]
    fn succeeds_later() {
        let ladder = Ladder::new(10, 1000, 5);
        let mut tries = vec![];
        let (result, waited) = retry(&ladder, |n| {
            tries.push(n);
            if n < 2 {
                Err("busy")
            } else {
                Ok(n * 10)
            }
        });
        assert_eq!((result, waited), (Ok(20), 30));
        assert_eq!(tries, [0, 1, 2]);
    }

    #[test]
    fn gives_up_with_the_last_error() {
        let result = retry(&Ladder::new(1, 1, 2), |n| Err::<(), _>(n));
        assert_eq!(result, (Err(2), 2));
    }
}
