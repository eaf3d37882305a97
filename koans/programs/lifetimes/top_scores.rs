pub struct Entry<'n> {
    pub name: &'n str,
    pub score: u32,
}

pub fn podium<'n>(entries: &[Entry<'n>], places: usize) -> Vec<&'n str> {
    let mut order: Vec<&Entry<'n>> = entries.iter().collect();
    order.sort_by(|a, b| b.score.cmp(&a.score).then_with(|| a.name.cmp(b.name)));
    order.into_iter().take(places).map(|e| e.name).collect()
}

pub fn parse_entries(lines: &str) -> Vec<Entry<'_>> {
    lines
        .lines()
        .filter_map(|line| {
            let (name, score) = line.split_once(':')?;
            let score = score.trim().parse().ok()?;
            Some(Entry { name, score })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn podium_is_sorted() {
        let text = "zoe: 5\nadam: 9\nbad line\nbob: 5\nlow: 1\nx: y".to_string();
        let names = podium(&parse_entries(&text), 3);
        assert_eq!(names, vec!["adam", "bob", "zoe"]);
    }

    #[test]
    fn few_entries() {
        let entries = parse_entries("solo: 3");
        assert_eq!(entries[0].score, 3);
        assert_eq!(podium(&entries, 3), ["solo"]);
        assert!(podium(&entries, 0).is_empty());
    }
}
