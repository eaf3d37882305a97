use std::collections::HashMap;

#[derive(Debug, Clone, PartialEq)]
pub struct Placing {
    pub rank: u32,
    pub skater: String,
    pub points: f64,
}

/// Average without the best and the worst mark; needs three marks.
pub fn trimmed(marks: &[f64]) -> Option<f64> {
    if marks.len() < 3 {
        return None;
    }
    let mut sorted = marks.to_vec();
    sorted.sort_by(f64::total_cmp);
    let inner = &sorted[1..sorted.len() - 1];
    Some(inner.iter().sum::<f64>() / inner.len() as f64)
}

pub fn placings(sheets: &HashMap<String, Vec<f64>>) -> Vec<Placing> {
    let mut scored: Vec<(&String, f64)> = sheets
        .iter()
        .filter_map(|(skater, marks)| Some((skater, trimmed(marks)?)))
        .collect();
    scored.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    let mut table: Vec<Placing> = Vec::with_capacity(scored.len());
    for (position, (skater, points)) in scored.into_iter().enumerate() {
        let rank = match table.last() {
            Some(before) if before.points == points => before.rank,
            _ => position as u32 + 1,
        };
        table.push(Placing {
            rank,
            skater: skater.clone(),
            points,
        });
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trims_extremes() {
        assert_eq!(trimmed(&[9.0, 1.0, 5.0, 6.0]), Some(5.5));
        assert_eq!(trimmed(&[9.0, 1.0]), None);
    }

    #[test]
    fn ties_share_a_rank() {
        let sheets = HashMap::from([
            ("Uma".to_string(), vec![5.0, 5.0, 5.0]),
            ("Kai".to_string(), vec![1.0, 5.0, 9.0]),
            ("Lou".to_string(), vec![6.0, 7.0, 8.0]),
            ("Max".to_string(), vec![2.0, 2.0, 3.0]),
            ("New".to_string(), vec![9.0]),
        ]);
        let table = placings(&sheets);
        let short: Vec<_> = table.iter().map(|p| (p.rank, p.skater.as_str())).collect();
        assert_eq!(short, [(1, "Lou"), (2, "Kai"), (2, "Uma"), (4, "Max")]);
        assert_eq!(table[0].points, 7.0);
    }
}
