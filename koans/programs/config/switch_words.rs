/// The many ways in which people write yes and no.
pub fn parse_switch(word: &str) -> Option<bool> {
    match word.trim().to_ascii_lowercase().as_str() {
        "1" | "y" | "yes" | "on" | "true" => Some(true),
        "0" | "n" | "no" | "off" | "false" | "" => Some(false),
        _ => None,
    }
}

pub fn active<'c>(config: &[(&'c str, &str)]) -> Result<Vec<&'c str>, String> {
    let mut names = Vec::new();
    for &(name, word) in config {
        if parse_switch(word).ok_or_else(|| format!("{name}: neither yes nor no: {word}"))? {
            names.push(name);
        }
    }
    names.sort_unstable();
    Ok(names)
}

fn main() {
    let config = [("sound", "on"), ("intro", "no")];
    println!("{:?}", active(&config));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        assert_eq!(parse_switch(" YES "), Some(true));
        assert_eq!(parse_switch("off"), Some(false));
        assert_eq!(parse_switch(""), Some(false));
        assert_eq!(parse_switch("maybe"), None);
    }

    #[test]
    fn collects() {
        let names = active(&[("z", "1"), ("b", "n"), ("a", "true")]);
        assert_eq!(names, Ok(vec!["a", "z"]));
        assert_eq!(
            active(&[("q", "hm")]),
            Err("q: neither yes nor no: hm".to_string())
        );
    }
}
