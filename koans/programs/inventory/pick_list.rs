/// One line of a pick list: where to go, what to take, how many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pick {
    pub bin: String,
    pub sku: String,
    pub count: u32,
}

/// Sorts the picks along the walking path and joins lines for the same bin and article.
pub fn consolidate(mut picks: Vec<Pick>) -> Vec<Pick> {
    picks.sort_by(|a, b| (&a.bin, &a.sku).cmp(&(&b.bin, &b.sku)));
    let mut out: Vec<Pick> = Vec::new();
    for pick in picks {
        match out.last_mut() {
            Some(last) if last.bin == pick.bin && last.sku == pick.sku => last.count += pick.count,
            _ => out.push(pick),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pick(bin: &str, sku: &str, count: u32) -> Pick {
        Pick {
            bin: bin.to_string(),
            sku: sku.to_string(),
            count,
        }
    }

    #[test]
    fn joins_equal_lines() {
        let list = vec![
            pick("B1", "mug", 2),
            pick("A3", "pan", 1),
            pick("B1", "mug", 4),
        ];
        let joined = consolidate(list.clone());
        assert_eq!(joined, vec![pick("A3", "pan", 1), pick("B1", "mug", 6)]);
        assert_eq!(list.len(), 3);
    }

    #[test]
    fn same_article_in_two_bins_stays_apart() {
        let joined = consolidate(vec![
            pick("C", "cup", 1),
            pick("A", "cup", 1),
            pick("A", "bag", 3),
        ]);
        let walk: Vec<String> = joined
            .iter()
            .map(|p| format!("{}{}", p.bin, p.sku))
            .collect();
        assert_eq!(walk, ["Abag", "Acup", "Ccup"]);
    }
}
