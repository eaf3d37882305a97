/// Spreads users over 100 buckets, differently for each feature.
fn bucket(feature: &str, user: u32) -> u32 {
    let mut mix: u32 = 17;
    for b in feature.bytes() {
        mix = mix.wrapping_mul(31).wrapping_add(u32::from(b));
    }
    mix.wrapping_add(user.wrapping_mul(7919)) % 100
}

#[derive(Debug, Clone)]
pub struct Rollout<'a> {
    pub feature: &'a str,
    pub percent: u32,
    pub testers: Vec<u32>,
}

impl Rollout<'_> {
    pub fn is_on(&self, user: u32) -> bool {
        self.testers.contains(&user) || bucket(self.feature, user) < self.percent
    }

    pub fn reached(&self, users: &[u32]) -> usize {
        users.iter().filter(|u| self.is_on(**u)).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rollout(feature: &str, percent: u32) -> Rollout<'_> {
        Rollout {
            feature,
            percent,
            testers: vec![42],
        }
    }

    #[test]
    fn extremes() {
        let users: Vec<u32> = (1..=100).collect();
        assert_eq!(rollout("dark", 0).reached(&users), 1);
        assert_eq!(rollout("dark", 100).reached(&users), 100);
        assert!(rollout("dark", 0).is_on(42));
    }

    #[test]
    fn a_bucket_holds_one_in_a_hundred() {
        let users: Vec<u32> = (100..200).collect();
        assert_eq!(rollout("dark", 25).reached(&users), 25);
        assert_eq!(rollout("search", 25).reached(&users), 25);
        assert_ne!(bucket("dark", 1), bucket("search", 1));
    }
}
