pub trait Rated {
    type Score: Copy + Ord;
    fn score(&self) -> Self::Score;
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Player {
    pub nick: String,
    pub level: u16,
}

impl Rated for Player {
    type Score = u16;
    fn score(&self) -> u16 {
        self.level
    }
}

/// Deals members into two sides in the order 1-2-2-1, strongest first.
pub fn deal<T>(mut members: Vec<T>) -> (Vec<T>, Vec<T>)
where
    T: Rated,
{
    members.sort_by_key(|m| std::cmp::Reverse(m.score()));
    let mut sides = (Vec::new(), Vec::new());
    for (i, member) in members.into_iter().enumerate() {
        if matches!(i % 4, 0 | 3) {
            sides.0.push(member);
        } else {
            sides.1.push(member);
        }
    }
    sides
}

pub fn gap(left: &[Player], right: &[Player]) -> i32 {
    let total = |side: &[Player]| side.iter().map(|p| i32::from(p.level)).sum::<i32>();
    total(left) - total(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn players(levels: &[u16]) -> Vec<Player> {
        levels
            .iter()
            .map(|&level| Player {
                nick: format!("p{level}"),
                level,
            })
            .collect()
    }

    #[test]
    fn deals_in_snake_order() {
        let (left, right) = deal(players(&[10, 40, 20, 30, 5]));
        let nicks = |side: &[Player]| side.iter().map(|p| p.nick.clone()).collect::<Vec<_>>();
        assert_eq!(nicks(&left), ["p40", "p10", "p5"]);
        assert_eq!(nicks(&right), ["p30", "p20"]);
        assert_eq!(gap(&left, &right), 5);
    }

    #[test]
    fn one_member_alone() {
        let (left, right) = deal(players(&[7]));
        assert_eq!(left, players(&[7]));
        assert!(right.is_empty());
        assert_eq!(gap(&right, &left), -7);
    }
}
