/// Reads `level=warn msg="disk is full" used=98` into pairs that borrow from the line.
pub fn fields(line: &str) -> Vec<(&str, &str)> {
    let mut rest = line.trim();
    let mut found = vec![];
    while let Some((key, tail)) = rest.split_once('=') {
        let (value, after) = match tail.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => tail.split_once(' ').unwrap_or((tail, "")),
        };
        found.push((key, value));
        rest = after.trim_start();
    }
    found
}

pub fn field<'l>(line: &'l str, name: &str) -> Option<&'l str> {
    let found = fields(line);
    found.into_iter().find(|(k, _)| *k == name).map(|(_, v)| v)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = "level=warn msg=\"disk is full\" used=98";

    #[test]
    fn splits() {
        let all = [("level", "warn"), ("msg", "disk is full"), ("used", "98")];
        assert_eq!(fields(LINE), all);
        assert_eq!(fields("open=\"never closed"), [("open", "never closed")]);
        assert!(fields("no pairs here").is_empty());
    }

    #[test]
    fn one_field() {
        let name = String::from("used");
        assert_eq!(field(LINE, &name), Some("98"));
        assert_eq!(field(LINE, "host"), None);
    }
}
