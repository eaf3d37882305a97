use std::collections::BTreeMap;

pub type Keys = BTreeMap<String, String>;

/// Applies overrides such as `db.port=1`, `-db.user` (drop) in the given order.
pub fn apply(base: &Keys, overrides: &[&str]) -> Result<Keys, String> {
    let mut keys = base.clone();
    for item in overrides {
        if let Some(name) = item.strip_prefix('-') {
            keys.remove(name)
                .ok_or_else(|| format!("nothing to drop: {name}"))?;
        } else {
            let (name, value) = item.split_once('=').ok_or(format!("no value: {item}"))?;
            keys.insert(name.to_owned(), value.to_owned());
        }
    }
    Ok(keys)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base() -> Keys {
        Keys::from([("db.port".to_string(), "5".to_string())])
    }

    #[test]
    fn sets_and_drops() {
        let base = base();
        let keys = apply(&base, &["db.user=eve", "db.port=7=8", "-db.user"]).unwrap();
        assert_eq!(keys["db.port"], "7=8");
        assert_eq!(keys.len(), 1);
        assert_eq!(base["db.port"], "5");
    }

    #[test]
    fn complains() {
        assert_eq!(
            apply(&base(), &["-x"]),
            Err("nothing to drop: x".to_string())
        );
        assert_eq!(apply(&base(), &["x"]), Err("no value: x".to_string()));
    }
}
