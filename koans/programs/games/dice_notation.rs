use std::str::FromStr;

/// `3d6+2` as data; rolls come from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Throw {
    pub count: u8,
    pub sides: u8,
    pub bonus: i8,
}

impl FromStr for Throw {
    type Err = std::num::ParseIntError;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let (count, rest) = s.split_once('d').unwrap_or(("1", s));
        let split = rest.find(['+', '-']).unwrap_or(rest.len());
        let (sides, bonus) = rest.split_at(split);
        Ok(Throw {
            count: count.parse()?,
            sides: sides.parse()?,
            bonus: if bonus.is_empty() { 0 } else { bonus.parse()? },
        })
    }
}

impl Throw {
    /// Sums the next rolls; none if they run out or a die shows too much.
    pub fn score<I>(&self, rolls: &mut I) -> Option<i32>
    where
        I: Iterator<Item = u8>,
    {
        let mut sum = i32::from(self.bonus);
        for _ in 0..self.count {
            let eyes = rolls.next().filter(|e| (1..=self.sides).contains(e))?;
            sum += i32::from(eyes);
        }
        Some(sum)
    }

    pub fn range(&self) -> (i32, i32) {
        let (n, b) = (self.count as i32, self.bonus as i32);
        (n + b, n * self.sides as i32 + b)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_notation() {
        let t: Throw = "3d6+2".parse().unwrap();
        assert_eq!(
            t,
            Throw {
                count: 3,
                sides: 6,
                bonus: 2
            }
        );
        assert_eq!("2d10-3".parse::<Throw>().unwrap().range(), (-1, 17));
        assert_eq!("20".parse::<Throw>().unwrap().range(), (1, 20));
        assert!("xd6".parse::<Throw>().is_err());
        assert!("2d".parse::<Throw>().is_err());
    }

    #[test]
    fn rolls_are_used_up() {
        let t: Throw = "2d6+1".parse().unwrap();
        let mut rolls = [4, 5, 6, 1, 7, 2].into_iter();
        assert_eq!(t.score(&mut rolls), Some(10));
        assert_eq!(t.score(&mut rolls), Some(8));
        assert_eq!(t.score(&mut rolls), None);
        assert_eq!(t.score(&mut rolls), None);
    }
}
