use std::collections::BTreeMap;

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Profile {
    pub inherits: Option<String>,
    pub optimize: Option<u8>,
    pub checks: Option<bool>,
}

#[derive(Debug, PartialEq)]
pub enum ProfileError {
    Unknown(String),
    Cycle(Vec<String>),
}

impl Profile {
    fn over(self, base: &Profile) -> Profile {
        Profile {
            inherits: base.inherits.clone(),
            optimize: self.optimize.or(base.optimize),
            checks: self.checks.or(base.checks),
        }
    }
}

/// Follows `inherits` and fills every gap with the value of the nearest ancestor.
pub fn resolve(profiles: &BTreeMap<String, Profile>, name: &str) -> Result<Profile, ProfileError> {
    let mut path = vec![name.to_string()];
    let find = |name: &str| {
        profiles
            .get(name)
            .ok_or(ProfileError::Unknown(name.to_string()))
    };
    let mut result = find(name)?.clone();
    while let Some(parent) = result.inherits.take() {
        if path.contains(&parent) {
            path.push(parent);
            return Err(ProfileError::Cycle(path));
        }
        result = result.over(find(&parent)?);
        path.push(parent);
    }
    Ok(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(inherits: &str, optimize: Option<u8>, checks: Option<bool>) -> Profile {
        let inherits = Some(inherits.to_string()).filter(|s| !s.is_empty());
        Profile {
            inherits,
            optimize,
            checks,
        }
    }

    fn profiles() -> BTreeMap<String, Profile> {
        BTreeMap::from([
            ("dev".to_string(), profile("", Some(0), Some(true))),
            ("test".to_string(), profile("dev", Some(1), None)),
            ("bench".to_string(), profile("test", None, Some(false))),
            ("a".to_string(), profile("b", None, None)),
            ("b".to_string(), profile("a", None, None)),
            ("lost".to_string(), profile("gone", None, None)),
        ])
    }

    #[test]
    fn nearest_ancestor_wins() {
        let profiles = profiles();
        assert_eq!(
            resolve(&profiles, "test"),
            Ok(profile("", Some(1), Some(true)))
        );
        assert_eq!(
            resolve(&profiles, "bench"),
            Ok(profile("", Some(1), Some(false)))
        );
        assert_eq!(profiles["bench"].inherits.as_deref(), Some("test"));
    }

    #[test]
    fn errors() {
        let profiles = profiles();
        assert_eq!(
            resolve(&profiles, "lost"),
            Err(ProfileError::Unknown("gone".into()))
        );
        let path = ["a", "b", "a"].map(String::from).to_vec();
        assert_eq!(resolve(&profiles, "a"), Err(ProfileError::Cycle(path)));
    }
}
