/// `d.m.` to day and month; no year, no leap days.
pub fn parse_day(text: &str) -> Option<(u8, u8)> {
    let mut parts = text.strip_suffix('.')?.split('.');
    let day = parts.next()?.parse().ok()?;
    let month = parts.next()?.parse().ok()?;
    if parts.next().is_some() {
        return None;
    }
    (1..=12).contains(&month).then_some((day, month))
}

pub fn earlier(a: &str, b: &str) -> Result<(u8, u8), String> {
    let a = parse_day(a).ok_or_else(|| format!("bad day {a}"))?;
    let b = parse_day(b).ok_or_else(|| format!("bad day {b}"))?;
    Ok(if (a.1, a.0) <= (b.1, b.0) { a } else { b })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses() {
        assert_eq!(parse_day("24.12."), Some((24, 12)));
        assert_eq!(parse_day("24.12"), None);
        assert_eq!(parse_day("1.13."), None);
        assert_eq!(parse_day("1.2.3."), None);
    }

    #[test]
    fn picks_the_earlier() {
        assert_eq!(earlier("30.1.", "2.3."), Ok((30, 1)));
        assert_eq!(earlier("9.5.", "8.5."), Ok((8, 5)));
        assert_eq!(earlier("9.5.", "x"), Err("bad day x".to_string()));
    }
}
