/// Seats groups row by row without tearing a group apart; the rest is returned.
pub fn seat_groups<'g>(
    rows: usize,
    width: usize,
    groups: &[(&'g str, usize)],
) -> (Vec<Vec<&'g str>>, Vec<&'g str>) {
    let mut plan: Vec<Vec<&'g str>> = vec![Vec::new(); rows];
    let mut standing = Vec::new();
    let mut by_size = groups.to_vec();
    by_size.sort_by(|a, b| b.1.cmp(&a.1));
    for (name, size) in by_size {
        match plan.iter_mut().find(|row| row.len() + size <= width) {
            Some(row) => row.extend(std::iter::repeat(name).take(size)),
            None => standing.push(name),
        }
    }
    (plan, standing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn larger_groups_first() {
        let groups = [("kim", 2), ("lee", 3), ("roy", 1)];
        let (plan, standing) = seat_groups(2, 4, &groups);
        assert_eq!(plan[0], ["lee", "lee", "lee", "roy"]);
        assert_eq!(plan[1], ["kim", "kim"]);
        assert!(standing.is_empty());
        assert_eq!(groups[0].0, "kim");
    }

    #[test]
    fn too_large_groups_stand() {
        let (plan, standing) = seat_groups(1, 4, &[("a", 5), ("b", 3), ("c", 2)]);
        assert_eq!(plan, vec![vec!["b", "b", "b"]]);
        assert_eq!(standing, ["a", "c"]);
    }
}
