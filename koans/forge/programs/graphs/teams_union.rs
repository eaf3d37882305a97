/// Groups of users who were found to be the same person.
#[derive(Debug, Clone)]
pub struct Groups {
    leader: Vec<usize>,
    size: Vec<u32>,
}

impl Groups {
    pub fn singles(count: usize) -> Self {
        Groups {
            leader: (0..count).collect(),
            size: vec![1; count],
        }
    }

    pub fn leader_of(&mut self, user: usize) -> usize {
        let mut at = user;
        while self.leader[at] != at {
            let up = self.leader[at];
            self.leader[at] = self.leader[up];
            at = up;
        }
        at
    }

    pub fn merge(&mut self, a: usize, b: usize) -> bool {
        let mut big = self.leader_of(a);
        let mut small = self.leader_of(b);
        if big == small {
            return false;
        }
        if self.size[big] < self.size[small] {
            std::mem::swap(&mut big, &mut small);
        }
        self.leader[small] = big;
        self.size[big] += self.size[small];
        true
    }

    pub fn sizes(&self) -> Vec<u32> {
        let mut sizes: Vec<u32> = self
            .leader
            .iter()
            .enumerate()
            .filter(|(user, leader)| user == *leader)
            .map(|(user, _)| self.size[user])
            .collect();
        sizes.sort_by(|a, b| b.cmp(a));
        sizes
    }
}

impl<'a> Extend<&'a (usize, usize)> for Groups {
    fn extend<I: IntoIterator<Item = &'a (usize, usize)>>(&mut self, pairs: I) {
        for &(a, b) in pairs {
            self.merge(a, b);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merging_twice_changes_nothing() {
        let mut groups = Groups::singles(4);
        assert!(groups.merge(0, 1));
        assert!(groups.merge(2, 1));
        assert!(!groups.merge(0, 2));
        assert_eq!(groups.leader_of(0), groups.leader_of(2));
        assert_ne!(groups.leader_of(3), groups.leader_of(2));
        assert_eq!(groups.sizes(), [3, 1]);
    }

    #[test]
    fn pairs_extend() {
        let mut groups = Groups::singles(6);
        let copy = groups.clone();
        groups.extend(&[(0, 5), (1, 2), (5, 2)]);
        assert_eq!(groups.sizes(), [4, 1, 1]);
        assert_eq!(copy.sizes(), [1; 6]);
    }
}
