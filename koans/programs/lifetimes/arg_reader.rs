pub struct Args<'a> {
    items: std::slice::Iter<'a, &'a str>,
    seen: Vec<&'a str>,
}

impl<'a> Args<'a> {
    pub fn new(items: &'a [&'a str]) -> Self {
        Args {
            items: items.iter(),
            seen: Vec::new(),
        }
    }

    pub fn flag(&mut self) -> Option<(&'a str, Option<&'a str>)> {
        while let Some(item) = self.items.next() {
            let Some(name) = item.strip_prefix("--") else {
                self.seen.push(item);
                continue;
            };
            return Some(match name.split_once('=') {
                Some((key, value)) => (key, Some(value)),
                None => (name, None),
            });
        }
        None
    }

    pub fn into_positional(self) -> Vec<&'a str> {
        let mut seen = self.seen;
        seen.extend(self.items);
        seen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separates_flags() {
        let raw = ["build", "--jobs=4", "src", "--fast", "out"];
        let mut args = Args::new(&raw);
        assert_eq!(args.flag(), Some(("jobs", Some("4"))));
        assert_eq!(args.flag(), Some(("fast", None)));
        assert_eq!(args.flag(), None);
        assert_eq!(args.into_positional(), vec!["build", "src", "out"]);
    }

    #[test]
    fn stops_early() {
        let raw = ["--a", "x", "--b"];
        let mut args = Args::new(&raw);
        args.flag();
        assert_eq!(args.into_positional(), vec!["x", "--b"]);
    }
}
