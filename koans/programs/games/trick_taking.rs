use std::convert::TryFrom;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Suit {
    Acorn,
    Leaf,
    Bell,
    Heart,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Card {
    pub suit: Suit,
    pub rank: u8,
}

impl TryFrom<&str> for Card {
    type Error = String;

    /// Reads `A7` or `H14`: suit letter and rank.
    fn try_from(text: &str) -> Result<Self, Self::Error> {
        let mut chars = text.chars();
        let suit = match chars.next() {
            Some('A') => Suit::Acorn,
            Some('L') => Suit::Leaf,
            Some('B') => Suit::Bell,
            Some('H') => Suit::Heart,
            other => return Err(format!("suit {other:?}")),
        };
        let rank = chars
            .as_str()
            .parse()
            .map_err(|_| format!("rank in {text}"))?;
        Ok(Card { suit, rank })
    }
}

/// Index of the seat that takes the trick; the first card sets the suit.
pub fn winner(trick: &[Card], trump: Suit) -> Option<usize> {
    let lead = trick.first()?.suit;
    let strength = |card: &Card| match card.suit {
        s if s == trump => 100 + u16::from(card.rank),
        s if s == lead => card.rank.into(),
        _ => 0,
    };
    let best = trick.iter().map(strength).max()?;
    trick.iter().position(|c| strength(c) == best)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trick(text: &str) -> Vec<Card> {
        text.split(' ')
            .map(|t| Card::try_from(t).unwrap())
            .collect()
    }

    #[test]
    fn lead_suit_wins_without_trump() {
        assert_eq!(winner(&trick("L9 L12 B14"), Suit::Heart), Some(1));
        assert_eq!(winner(&[], Suit::Heart), None);
    }

    #[test]
    fn trump_beats_all() {
        assert_eq!(winner(&trick("L14 H2 A14 H3"), Suit::Heart), Some(3));
    }

    #[test]
    fn unreadable() {
        assert_eq!(Card::try_from("Hx"), Err("rank in Hx".to_string()));
        assert_eq!(Card::try_from("Q1"), Err("suit Some('Q')".to_string()));
        assert!(Card::try_from("").is_err());
    }
}
