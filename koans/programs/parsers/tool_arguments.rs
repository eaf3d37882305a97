use std::collections::HashSet;

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Arguments {
    pub flags: HashSet<char>,
    pub options: Vec<(String, String)>,
    pub files: Vec<String>,
}

/// `-abc` are flags, `--name=value` and `--name value` options, `--` ends both.
pub fn parse_arguments(words: &[&str]) -> Result<Arguments, String> {
    let mut arguments = Arguments::default();
    let mut words = words.iter().copied();
    while let Some(word) = words.next() {
        if word == "--" {
            arguments.files.extend(words.by_ref().map(String::from));
        } else if let Some(name) = word.strip_prefix("--") {
            let (name, value) = match name.split_once('=') {
                Some(pair) => pair,
                None => {
                    let value = words
                        .next()
                        .ok_or_else(|| format!("--{name} needs a value"))?;
                    (name, value)
                }
            };
            arguments
                .options
                .push((name.to_string(), value.to_string()));
        } else if let Some(letters) = word.strip_prefix('-').filter(|l| !l.is_empty()) {
            if let Some(odd) = letters.chars().find(|c| !c.is_ascii_alphabetic()) {
                return Err(format!("bad flag {odd}"));
            }
            arguments.flags.extend(letters.chars());
        } else {
            arguments.files.push(word.to_owned());
        }
    }
    Ok(arguments)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorts_words_by_kind() {
        let words = ["-vq", "in.txt", "--out=x", "--level", "3", "-", "--", "-z"];
        let arguments = parse_arguments(&words).unwrap();
        assert_eq!(arguments.flags, HashSet::from(['v', 'q']));
        let options = [("out", "x"), ("level", "3")].map(|(n, v)| (n.to_string(), v.to_string()));
        assert_eq!(arguments.options, options);
        assert_eq!(arguments.files, ["in.txt", "-", "-z"]);
    }

    #[test]
    fn rejects() {
        assert_eq!(
            parse_arguments(&["--out"]),
            Err("--out needs a value".to_string())
        );
        assert_eq!(parse_arguments(&["-a1"]), Err("bad flag 1".to_string()));
        assert_eq!(parse_arguments(&[]), Ok(Arguments::default()));
    }
}
