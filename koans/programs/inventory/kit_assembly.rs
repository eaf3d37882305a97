use std::collections::BTreeMap;

pub type Shelf = BTreeMap<String, u32>;

/// How many kits the shelf allows; a kit without parts can not be built.
pub fn buildable(recipe: &[(&str, u32)], shelf: &Shelf) -> u32 {
    recipe
        .iter()
        .map(|(part, need)| shelf.get(*part).copied().unwrap_or(0) / need)
        .min()
        .unwrap_or(0)
}

pub fn build(recipe: &[(&str, u32)], wanted: u32, shelf: &mut Shelf) -> u32 {
    let kits = buildable(recipe, shelf).min(wanted);
    for (part, need) in recipe {
        if let Some(left) = shelf.get_mut(*part) {
            *left -= kits * need;
        }
    }
    shelf.retain(|_, left| *left > 0);
    kits
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shelf() -> Shelf {
        [("leg", 9), ("top", 3), ("screw", 16)]
            .map(|(n, c)| (n.to_string(), c))
            .into_iter()
            .collect()
    }

    const TABLE: &[(&str, u32)] = &[("leg", 4), ("top", 1), ("screw", 8)];

    #[test]
    fn scarcest_part_limits() {
        assert_eq!(buildable(TABLE, &shelf()), 2);
        assert_eq!(buildable(&[("glue", 1)], &shelf()), 0);
        assert_eq!(buildable(&[], &shelf()), 0);
    }

    #[test]
    fn build_uses_parts_up() {
        let mut stock = shelf();
        assert_eq!(build(TABLE, 5, &mut stock), 2);
        assert_eq!(stock.get("leg"), Some(&1));
        assert_eq!(stock.get("screw"), None);
        assert_eq!(stock["top"], 1);
        let mut other = shelf();
        assert_eq!(build(TABLE, 1, &mut other), 1);
        assert_eq!(other["screw"], 8);
    }
}
