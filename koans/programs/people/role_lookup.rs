use std::collections::{HashMap, HashSet};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    Guest,
    Member,
    Editor,
    Owner,
}

#[derive(Default)]
pub struct Space {
    grants: HashMap<String, HashSet<Role>>,
}

impl Space {
    pub fn grant(&mut self, who: &str, role: Role) -> bool {
        self.grants.entry(who.to_string()).or_default().insert(role)
    }

    /// A space always keeps an owner, so the last one can not be revoked.
    pub fn revoke(&mut self, who: &str, role: Role) -> Result<bool, &'static str> {
        if role == Role::Owner && self.holders(Role::Owner) == [who] {
            return Err("last owner");
        }
        let Some(roles) = self.grants.get_mut(who) else {
            return Ok(false);
        };
        let removed = roles.remove(&role);
        if roles.is_empty() {
            self.grants.remove(who);
        }
        Ok(removed)
    }

    pub fn strongest(&self, who: &str) -> Role {
        let roles = self.grants.get(who);
        roles
            .and_then(|set| set.iter().max())
            .copied()
            .unwrap_or(Role::Guest)
    }

    pub fn holders(&self, role: Role) -> Vec<&str> {
        let mut names: Vec<&str> = self
            .grants
            .iter()
            .filter(|(_, roles)| roles.contains(&role))
            .map(|(name, _)| name.as_str())
            .collect();
        names.sort_unstable();
        names
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn space() -> Space {
        let mut space = Space::default();
        space.grant("ute", Role::Owner);
        space.grant("ute", Role::Editor);
        space.grant("max", Role::Editor);
        space
    }

    #[test]
    fn strongest_role_counts() {
        let mut space = space();
        assert_eq!(space.strongest("ute"), Role::Owner);
        assert_eq!(space.strongest("max"), Role::Editor);
        assert_eq!(space.strongest("eve"), Role::Guest);
        assert!(!space.grant("max", Role::Editor));
        assert_eq!(space.holders(Role::Editor), ["max", "ute"]);
    }

    #[test]
    fn the_last_owner_stays() {
        let mut space = space();
        assert_eq!(space.revoke("ute", Role::Owner), Err("last owner"));
        assert!(space.grant("max", Role::Owner));
        assert_eq!(space.revoke("ute", Role::Owner), Ok(true));
        assert_eq!(space.revoke("ute", Role::Member), Ok(false));
        assert_eq!(space.revoke("eve", Role::Member), Ok(false));
        assert_eq!(space.holders(Role::Owner), ["max"]);
    }
}
