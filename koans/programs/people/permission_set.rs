use std::ops::{BitOr, BitOrAssign};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Permissions(u8);

impl Permissions {
    pub const READ: Self = Permissions(1);
    pub const WRITE: Self = Permissions(1 << 1);
    pub const INVITE: Self = Permissions(1 << 2);

    pub fn allows(self, wanted: Permissions) -> bool {
        self.0 & wanted.0 == wanted.0
    }

    pub fn without(self, taken: Permissions) -> Self {
        Permissions(self.0 & !taken.0)
    }
}

impl BitOr for Permissions {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Permissions(self.0 | other.0)
    }
}

impl BitOrAssign for Permissions {
    fn bitor_assign(&mut self, other: Self) {
        *self = *self | other;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn combines() {
        let mut editor = Permissions::READ | Permissions::WRITE;
        assert!(editor.allows(Permissions::READ));
        assert!(!editor.allows(Permissions::READ | Permissions::INVITE));
        editor |= Permissions::INVITE;
        assert!(editor.allows(Permissions::READ | Permissions::INVITE));
    }

    #[test]
    fn takes_away() {
        let all = Permissions::READ | Permissions::WRITE;
        assert_eq!(all.without(Permissions::WRITE), Permissions::READ);
        assert_eq!(
            Permissions::READ.without(Permissions::READ),
            Permissions::default()
        );
    }
}
