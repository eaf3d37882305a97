#[derive(Debug, Clone, PartialEq)]
pub struct Flat {
    pub street: &'static str,
    pub rent: u32,
    pub rooms: u8,
}

pub type Score = Box<dyn Fn(&Flat) -> i64>;

pub fn weighted(scores: Vec<(i64, Score)>) -> Score {
    Box::new(move |flat| scores.iter().map(|(w, score)| w * score(flat)).sum())
}

pub fn best<'f>(flats: &'f [Flat], score: &Score) -> Option<&'f Flat> {
    flats.iter().max_by_key(|flat| score(flat))
}

fn main() {
    let cheap: Score = Box::new(|f| -i64::from(f.rent));
    println!("{:?}", best(&[], &cheap));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flats() -> [Flat; 3] {
        [("Elm", 900, 2), ("Oak", 700, 3), ("Ash", 910, 5)].map(|(street, rent, rooms)| Flat {
            street,
            rent,
            rooms,
        })
    }

    #[test]
    fn one_score() {
        let cheap: Score = Box::new(|f| -i64::from(f.rent));
        assert_eq!(best(&flats(), &cheap).unwrap().street, "Oak");
        assert_eq!(best(&[], &cheap), None);
    }

    #[test]
    fn several_scores() {
        let rooms: Score = Box::new(|f| f.rooms.into());
        let cheap: Score = Box::new(|f| -i64::from(f.rent));
        let mix = weighted(vec![(200, rooms), (1, cheap)]);
        assert_eq!(mix(&flats()[0]), -500);
        assert_eq!(best(&flats(), &mix).unwrap().street, "Ash");
    }
}
