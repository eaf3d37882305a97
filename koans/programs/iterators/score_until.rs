use std::ops::ControlFlow;

#[derive(Debug, PartialEq, Eq)]
pub enum Stop {
    Limit(u32),
    Fault(String),
}

/// Adds up round results until the limit is passed or a fault shows up.
pub fn play<'a, I>(rounds: I, limit: u32) -> Result<u32, Stop>
where
    I: IntoIterator<Item = &'a str>,
{
    let outcome = rounds.into_iter().try_fold(0u32, |total, round| {
        let Ok(points) = round.parse::<u32>() else {
            return ControlFlow::Break(Stop::Fault(round.to_string()));
        };
        let total = total + points;
        if total > limit {
            ControlFlow::Break(Stop::Limit(total))
        } else {
            ControlFlow::Continue(total)
        }
    });
    match outcome {
        ControlFlow::Continue(total) => Ok(total),
        ControlFlow::Break(stop) => Err(stop),
    }
}

/// Standing after every round.
pub fn standings(points: &[i32]) -> impl Iterator<Item = i32> + '_ {
    points.iter().scan(0, |total, point| {
        *total += point;
        Some(*total)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plays_until_stopped() {
        assert_eq!(play(["3", "4"], 7), Ok(7));
        assert_eq!(play(vec!["3", "5", "x"], 7), Err(Stop::Limit(8)));
        let text = String::from("1 foul 9");
        assert_eq!(
            play(text.split(' '), 7),
            Err(Stop::Fault("foul".to_string()))
        );
    }

    #[test]
    fn running_totals() {
        assert_eq!(standings(&[5, -2, 4]).collect::<Vec<_>>(), [5, 3, 7]);
        assert_eq!(standings(&[]).next(), None);
    }
}
