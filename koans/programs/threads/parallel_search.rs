use std::sync::Mutex;
use std::thread;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    pub file: String,
    pub line: usize,
}

/// Looks for `needle` in all files, one thread per file.
pub fn search(files: &[(String, String)], needle: &str) -> Vec<Hit> {
    let hits = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for (name, text) in files {
            let hits = &hits;
            scope.spawn(move || {
                let found: Vec<Hit> = text
                    .lines()
                    .enumerate()
                    .filter(|(_, line)| line.contains(needle))
                    .map(|(i, _)| Hit {
                        file: name.clone(),
                        line: i + 1,
                    })
                    .collect();
                hits.lock().unwrap().extend(found);
            });
        }
    });
    let mut hits = hits.into_inner().unwrap();
    hits.sort();
    hits
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> Vec<(String, String)> {
        [("b.txt", "red\nblue red\n"), ("a.txt", "green\n\nred")]
            .iter()
            .map(|(n, t)| (n.to_string(), t.to_string()))
            .collect()
    }

    #[test]
    fn hits_are_sorted() {
        let hits = search(&files(), "red");
        let places: Vec<(&str, usize)> = hits.iter().map(|h| (h.file.as_str(), h.line)).collect();
        assert_eq!(places, vec![("a.txt", 3), ("b.txt", 1), ("b.txt", 2)]);
    }

    #[test]
    fn no_hits() {
        assert!(search(&files(), "pink").is_empty());
        assert!(search(&[], "red").is_empty());
    }
}
