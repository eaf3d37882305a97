/// Drops the part that both strings start with.
pub fn after_common<'a, 'b>(left: &'a str, right: &'b str) -> (&'a str, &'b str) {
    let common: usize = left
        .chars()
        .zip(right.chars())
        .take_while(|(l, r)| l == r)
        .map(|(c, _)| c.len_utf8())
        .sum();
    (&left[common..], &right[common..])
}

pub fn relative<'p>(path: &'p str, base: &str) -> Option<&'p str> {
    let (tail, left_over) = after_common(path, base);
    if !left_over.is_empty() {
        return None;
    }
    Some(tail.trim_start_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_off_prefix() {
        assert_eq!(after_common("report-a", "report-b"), ("a", "b"));
        assert_eq!(after_common("x", "xyz"), ("", "yz"));
        assert_eq!(after_common("q", "p"), ("q", "p"));
    }

    #[test]
    fn relative_outlives_base() {
        let path = String::from("/srv/www/img/a.png");
        let found = {
            let base = String::from("/srv/www");
            relative(&path, &base)
        };
        assert_eq!(found, Some("img/a.png"));
        assert_eq!(relative("/etc", "/srv"), None);
    }
}
