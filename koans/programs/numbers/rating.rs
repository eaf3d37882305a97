#[derive(Debug, Default, Clone, Copy, PartialEq)]
pub struct Rating {
    stars: u32,
    votes: u32,
}

impl Rating {
    pub fn vote(self, stars: u8) -> Result<Rating, String> {
        if !(1..=5).contains(&stars) {
            return Err(format!("{stars} stars"));
        }
        let stars = self.stars + u32::from(stars);
        Ok(Rating {
            stars,
            votes: self.votes + 1,
        })
    }

    pub fn average(&self) -> Option<f32> {
        (self.votes > 0).then(|| self.stars as f32 / self.votes as f32)
    }
}

pub fn rate(votes: &[u8]) -> Result<Rating, String> {
    votes
        .iter()
        .try_fold(Rating::default(), |sum, &stars| sum.vote(stars))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn averages() {
        assert_eq!(rate(&[5, 4, 4, 1]).unwrap().average(), Some(3.5));
        assert_eq!(rate(&[]).unwrap().average(), None);
        let rating = Rating::default();
        assert!(rating.vote(1).is_ok());
        assert_eq!(rating, rate(&[]).unwrap());
    }

    #[test]
    fn bad_votes() {
        assert_eq!(rate(&[5, 6, 0]), Err("6 stars".to_string()));
        assert_eq!(Rating::default().vote(0), Err("0 stars".to_string()));
    }
}
