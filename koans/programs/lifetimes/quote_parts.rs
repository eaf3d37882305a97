pub struct Quoted<'s> {
    pub before: &'s str,
    pub inside: &'s str,
    pub after: &'s str,
}

pub fn quoted(line: &str) -> Option<Quoted<'_>> {
    let (before, rest) = line.split_once('"')?;
    let (inside, after) = rest.split_once('"')?;
    Some(Quoted {
        before,
        inside,
        after,
    })
}

pub fn all_quoted<'s>(mut line: &'s str) -> Vec<&'s str> {
    let mut found = Vec::new();
    while let Some(part) = quoted(line) {
        found.push(part.inside);
        line = part.after;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_parts() {
        let line = String::from("say \"hi\" now");
        let q = quoted(&line).unwrap();
        assert_eq!((q.before, q.inside, q.after), ("say ", "hi", " now"));
        assert!(quoted("one \" only").is_none());
    }

    #[test]
    fn collects() {
        let line = "\"a\" and \"b c\" and \"".to_string();
        assert_eq!(all_quoted(&line), vec!["a", "b c"]);
    }
}
