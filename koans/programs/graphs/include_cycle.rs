use std::collections::BTreeMap;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Open,
    Closed,
}

/// Finds a chain of files that include one another in a circle.
pub fn find_cycle(includes: &BTreeMap<String, Vec<String>>) -> Option<Vec<String>> {
    let mut marks = BTreeMap::new();
    let mut trail = Vec::new();
    includes
        .keys()
        .find_map(|file| visit(file, includes, &mut marks, &mut trail))
}

fn visit<'a>(
    file: &'a str,
    includes: &'a BTreeMap<String, Vec<String>>,
    marks: &mut BTreeMap<&'a str, Mark>,
    trail: &mut Vec<&'a str>,
) -> Option<Vec<String>> {
    match marks.get(file) {
        Some(Mark::Closed) => return None,
        Some(Mark::Open) => {
            let start = trail.iter().position(|seen| *seen == file)?;
            let mut cycle: Vec<String> = trail[start..].iter().map(|f| f.to_string()).collect();
            cycle.push(file.to_string());
            return Some(cycle);
        }
        None => {}
    }
    marks.insert(file, Mark::Open);
    trail.push(file);
    for inner in includes.get(file).into_iter().flatten() {
        if let Some(cycle) = visit(inner, includes, marks, trail) {
            return Some(cycle);
        }
    }
    trail.pop();
    marks.insert(file, Mark::Closed);
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(rows: &[(&str, &[&str])]) -> BTreeMap<String, Vec<String>> {
        rows.iter()
            .map(|(file, inner)| {
                let inner = inner.iter().map(|name| name.to_string()).collect();
                (file.to_string(), inner)
            })
            .collect()
    }

    #[test]
    fn diamond_is_no_cycle() {
        let files = graph(&[("a", &["b", "c"]), ("b", &["d"]), ("c", &["d"])]);
        assert_eq!(find_cycle(&files), None);
    }

    #[test]
    fn cycle_is_cut_out() {
        let files = graph(&[("a", &["b"]), ("b", &["x", "c"]), ("c", &["b"])]);
        let cycle = find_cycle(&files).unwrap();
        assert_eq!(cycle, ["b", "c", "b"]);
    }

    #[test]
    fn file_including_itself() {
        let files = graph(&[("k", &["k"])]);
        assert_eq!(find_cycle(&files).unwrap().join(">"), "k>k");
    }
}
