use std::collections::HashMap;

/// Depth of each shape: one more than the deepest shape it lies on.
pub fn layers(on_top_of: &[(u32, u32)]) -> Option<HashMap<u32, u8>> {
    let mut depth: HashMap<u32, u8> = HashMap::new();
    for &(upper, lower) in on_top_of {
        depth.extend([(upper, 0), (lower, 0)]);
    }
    let rounds = depth.len();
    for _ in 0..rounds {
        let mut changed = false;
        for (upper, lower) in on_top_of {
            let wanted = depth[lower].checked_add(1)?;
            let current = depth.get_mut(upper)?;
            if *current < wanted {
                *current = wanted;
                changed = true;
            }
        }
        if !changed {
            return Some(depth);
        }
    }
    on_top_of.is_empty().then_some(depth)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stacks() {
        let depth = layers(&[(3, 2), (2, 1), (3, 1), (9, 1)]).unwrap();
        assert_eq!(depth[&1], 0);
        assert_eq!(depth[&2], 1);
        assert_eq!(depth[&3], 2);
        assert_eq!(depth[&9], 1);
        assert_eq!(depth.len(), 4);
    }

    #[test]
    fn circles_have_no_layers() {
        assert!(layers(&[(1, 2), (2, 1)]).is_none());
        assert_eq!(layers(&[]), Some(HashMap::new()));
    }
}
