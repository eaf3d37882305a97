/// Deals `cards` in serpentine order: seats 1..n, then n..1, and so on.
pub fn draft<C: Clone>(cards: &[C], seats: usize) -> Vec<Vec<C>> {
    let mut hands = vec![Vec::new(); seats];
    for (round, picks) in cards.chunks(seats).enumerate() {
        for (i, card) in picks.iter().enumerate() {
            let seat = if round % 2 == 0 { i } else { seats - 1 - i };
            hands[seat].push(card.clone());
        }
    }
    hands
}

fn main() {
    let heroes = ["mage", "monk", "bard", "thief"].map(String::from);
    for (seat, hand) in draft(&heroes, 2).iter().enumerate() {
        println!("{seat}: {}", hand.join(", "));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_around() {
        let cards: Vec<String> = "abcdefg".chars().map(|c| c.to_string()).collect();
        let hands = draft(&cards, 3);
        assert_eq!(hands, [vec!["a", "f", "g"], vec!["b", "e"], vec!["c", "d"]]);
        assert_eq!(cards.len(), 7);
    }

    #[test]
    fn more_seats_than_cards() {
        assert_eq!(draft(&[5u8], 2), [vec![5], vec![]]);
    }
}
