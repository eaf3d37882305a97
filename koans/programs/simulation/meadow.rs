use std::ops::AddAssign;

/// Numbers of one season on a meadow.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Census {
    pub grass: u32,
    pub hares: u32,
    pub foxes: u32,
}

impl AddAssign for Census {
    fn add_assign(&mut self, other: Census) {
        self.grass += other.grass;
        self.hares += other.hares;
        self.foxes += other.foxes;
    }
}

pub fn next_season(now: Census) -> Census {
    let eaten = now.grass.min(now.hares * 2);
    let fed_hares = eaten / 2;
    let hunted = fed_hares.min(now.foxes);
    let births = (fed_hares - hunted) / 2;
    Census {
        grass: now.grass - eaten + 10,
        hares: fed_hares - hunted + births,
        foxes: hunted + hunted / 4,
    }
}

pub fn seasons(start: Census) -> impl Iterator<Item = Census> {
    std::iter::successors(Some(start), |c| Some(next_season(*c)))
}

pub fn total(history: &[Census]) -> Census {
    let mut sum = Census::default();
    for c in history {
        sum += *c;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Census = Census {
        grass: 40,
        hares: 12,
        foxes: 4,
    };

    #[test]
    fn one_season() {
        let next = next_season(START);
        assert_eq!((next.grass, next.hares, next.foxes), (26, 12, 5));
    }

    #[test]
    fn history_and_sum() {
        let h: Vec<Census> = seasons(START).take(3).collect();
        assert_eq!(h[0], START);
        assert_eq!((h[2].grass, h[2].hares, h[2].foxes), (12, 10, 6));
        let t = total(&h);
        assert_eq!((t.grass, t.hares, t.foxes), (78, 34, 15));
    }

    #[test]
    fn starving_hares() {
        let thin = Census {
            grass: 3,
            hares: 9,
            foxes: 0,
        };
        assert_eq!((next_season(thin).hares, next_season(thin).grass), (1, 10));
    }
}
