use std::borrow::Cow;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Param<'q> {
    pub key: &'q str,
    pub value: Cow<'q, str>,
}

impl<'q> From<&'q str> for Param<'q> {
    fn from(piece: &'q str) -> Self {
        let (key, raw) = piece.split_once('=').unwrap_or((piece, ""));
        let value = if raw.contains('+') {
            Cow::Owned(raw.replace('+', " "))
        } else {
            Cow::Borrowed(raw)
        };
        Param { key, value }
    }
}

pub fn params<'q>(query: &'q str) -> impl Iterator<Item = Param<'q>> {
    query
        .split('&')
        .filter(|piece| !piece.is_empty())
        .map(Param::from)
}

pub fn lookup<'q>(query: &'q str, key: &str) -> Option<Cow<'q, str>> {
    params(query).find(|p| p.key == key).map(|p| p.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn borrows_when_it_can() {
        let list: Vec<Param> = params("q=red+shoe&page=2&&raw").collect();
        assert_eq!(list.len(), 3);
        assert_eq!(list[0].value, "red shoe");
        assert!(matches!(list[0].value, Cow::Owned(_)));
        assert!(matches!(list[1].value, Cow::Borrowed("2")));
        assert_eq!(list[2], Param::from("raw="));
    }

    #[test]
    fn finds_by_key() {
        let query = "a=1&b=2".to_string();
        assert_eq!(lookup(&query, "b").as_deref(), Some("2"));
        assert_eq!(lookup(&query, "c"), None);
    }
}
