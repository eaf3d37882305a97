use std::iter::Peekable;

#[derive(Debug, PartialEq, Eq, Clone)]
pub enum Arg {
    Flag(char),
    Setting(String, String),
    Plain(String),
}

/// Reads arguments one by one, pairing `--name` with its value.
pub struct ArgWalker<I: Iterator> {
    words: Peekable<I>,
}

impl<'a, I: Iterator<Item = &'a str>> ArgWalker<I> {
    pub fn new(words: I) -> Self {
        ArgWalker {
            words: words.peekable(),
        }
    }
}

impl<'a, I: Iterator<Item = &'a str>> Iterator for ArgWalker<I> {
    type Item = Result<Arg, String>;

    fn next(&mut self) -> Option<Self::Item> {
        let word = self.words.next()?;
        if let Some(name) = word.strip_prefix("--") {
            let value = self.words.next_if(|next| !next.starts_with('-'));
            return Some(match value {
                Some(value) => Ok(Arg::Setting(name.to_string(), value.to_string())),
                None => Err(format!("--{name} needs a value")),
            });
        }
        match word.strip_prefix('-').map(|rest| rest.chars()) {
            Some(mut letters) => match (letters.next(), letters.next()) {
                (Some(letter), None) => Some(Ok(Arg::Flag(letter))),
                _ => Some(Err(format!("bad flag {word}"))),
            },
            None => Some(Ok(Arg::Plain(word.to_string()))),
        }
    }
}

pub fn read_args(line: &str) -> Result<Vec<Arg>, String> {
    ArgWalker::new(line.split_whitespace()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_all_kinds() {
        let args = read_args("-v in.txt --level 3").unwrap();
        assert_eq!(args[0], Arg::Flag('v'));
        assert_eq!(args[1], Arg::Plain("in.txt".to_string()));
        assert_eq!(args[2], Arg::Setting("level".to_string(), "3".to_string()));
        assert_eq!(args.len(), 3);
    }

    #[test]
    fn stops_at_errors() {
        let error = read_args("a --out -v").unwrap_err();
        assert_eq!(error, "--out needs a value");
        assert_eq!(read_args("-xy"), Err("bad flag -xy".to_string()));
        assert_eq!(read_args("-"), Err("bad flag -".to_string()));
    }
}
