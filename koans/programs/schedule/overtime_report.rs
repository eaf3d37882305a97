use std::collections::HashMap;

#[derive(Debug, Clone, PartialEq)]
pub struct Entry<'a> {
    pub who: &'a str,
    pub week: u8,
    pub hours: f64,
}

pub fn parse_entry(line: &str) -> Option<Entry<'_>> {
    let mut cells = line.split(';').map(str::trim);
    let who = cells.next().filter(|w| !w.is_empty())?;
    let week = cells.next()?.strip_prefix('w')?.parse().ok()?;
    let hours = cells.next()?.parse().ok()?;
    Some(Entry { who, week, hours })
}

/// Hours beyond the weekly limit, summed per person; people without any are left out.
pub fn overtime(text: &str, limit: f64) -> Vec<(String, f64)> {
    let mut weeks: HashMap<(&str, u8), f64> = HashMap::new();
    for entry in text.lines().filter_map(parse_entry) {
        *weeks.entry((entry.who, entry.week)).or_default() += entry.hours;
    }
    let mut totals: HashMap<&str, f64> = HashMap::new();
    for ((who, _), hours) in &weeks {
        if *hours > limit {
            *totals.entry(*who).or_insert(0.0) += hours - limit;
        }
    }
    let mut report: Vec<(String, f64)> = totals
        .into_iter()
        .map(|(who, hours)| (who.to_string(), hours))
        .collect();
    report.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    report
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_or_skipped() {
        let entry = parse_entry("rosa ; w12; 7.5").unwrap();
        assert_eq!(
            entry,
            Entry {
                who: "rosa",
                week: 12,
                hours: 7.5
            }
        );
        assert_eq!(parse_entry("; w1; 2"), None);
        assert_eq!(parse_entry("rosa; 12; 7"), None);
        assert_eq!(parse_entry("rosa; w12"), None);
    }

    #[test]
    fn sums_per_week_before_comparing() {
        let text = "rosa;w1;30\nrosa;w1;12.5\nrosa;w2;39\nuwe;w1;44\nbad line\nzoe;w1;40";
        let report = overtime(text, 40.0);
        assert_eq!(
            report,
            vec![("uwe".to_string(), 4.0), ("rosa".to_string(), 2.5)]
        );
        assert!(overtime("", 40.0).is_empty());
    }
}
