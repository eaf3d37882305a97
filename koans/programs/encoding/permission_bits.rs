use std::ops::{BitOr, Not, Sub};

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Access(u8);

impl Access {
    pub const READ: Access = Access(1);
    pub const WRITE: Access = Access(2);
    pub const SHARE: Access = Access(4);
    const LETTERS: [(char, Access); 3] =
        [('r', Self::READ), ('w', Self::WRITE), ('s', Self::SHARE)];

    pub fn allows(self, wanted: Access) -> bool {
        self.0 & wanted.0 == wanted.0
    }

    pub fn letters(self) -> String {
        let shown = Self::LETTERS
            .iter()
            .map(|&(c, bit)| if self.allows(bit) { c } else { '-' });
        shown.collect()
    }

    pub fn from_letters(text: &str) -> Option<Access> {
        text.chars()
            .filter(|c| *c != '-')
            .try_fold(Access::default(), |sum, c| {
                let (_, bit) = Self::LETTERS.iter().find(|(letter, _)| *letter == c)?;
                Some(sum | *bit)
            })
    }
}

impl BitOr for Access {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Access(self.0 | other.0)
    }
}

impl Not for Access {
    type Output = Self;

    fn not(self) -> Self {
        Access(!self.0 & 7)
    }
}

impl Sub for Access {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Access(self.0 & (!other).0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn combines() {
        let access = Access::READ | Access::SHARE;
        assert!(access.allows(Access::READ));
        assert!(!access.allows(Access::READ | Access::WRITE));
        assert_eq!(access - Access::READ, Access::SHARE);
        assert_eq!(!access, Access::WRITE);
    }

    #[test]
    fn letters_both_ways() {
        let access = Access::READ | Access::SHARE;
        assert_eq!(access.letters(), "r-s");
        assert_eq!(Access::from_letters("-sr"), Some(access));
        assert_eq!(Access::from_letters("rx"), None);
        assert_eq!(Access::from_letters(""), Some(Access::default()));
    }
}
