use std::sync::mpsc;
use std::thread;

pub fn gather(sources: &[(&'static str, u32)]) -> Vec<String> {
    let (tx, rx) = mpsc::channel();
    for &(name, count) in sources {
        let tx = tx.clone();
        thread::spawn(move || {
            for n in 1..=count {
                tx.send(format!("{name}:{n}")).expect("collector is gone");
            }
        });
    }
    drop(tx);
    let mut all: Vec<String> = rx.iter().collect();
    all.sort();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_arrives() {
        let got = gather(&[("b", 2), ("a", 1), ("c", 0)]);
        assert_eq!(got, vec!["a:1", "b:1", "b:2"]);
    }

    #[test]
    fn no_sources() {
        assert!(gather(&[]).is_empty());
    }
}
