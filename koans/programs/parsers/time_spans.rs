use std::time::Duration;

#[derive(Debug, PartialEq, Eq)]
pub enum SpanError {
    Empty,
    NoUnit(u64),
    BadUnit(String),
    TooLong,
}

fn seconds_per(unit: &str) -> Result<u64, SpanError> {
    Ok(match unit {
        "s" | "sec" => 1,
        "m" | "min" => 60,
        "h" => 3_600,
        "d" => 86_400,
        other => return Err(SpanError::BadUnit(other.to_string())),
    })
}

/// Reads spans such as `1h30m` or `2d 4h`.
pub fn parse_span(text: &str) -> Result<Duration, SpanError> {
    let compact: String = text.split_whitespace().collect();
    let mut rest = compact.as_str();
    if rest.is_empty() {
        return Err(SpanError::Empty);
    }
    let mut total = 0u64;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let amount: u64 = match rest[..digits].parse() {
            Ok(n) => n,
            Err(_) if digits == 0 => return Err(SpanError::BadUnit(rest.to_owned())),
            Err(_) => return Err(SpanError::TooLong),
        };
        rest = &rest[digits..];
        let letters = rest
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(rest.len());
        if letters == 0 {
            return Err(SpanError::NoUnit(amount));
        }
        let seconds = amount.checked_mul(seconds_per(&rest[..letters])?);
        total = seconds
            .and_then(|s| total.checked_add(s))
            .ok_or(SpanError::TooLong)?;
        rest = &rest[letters..];
    }
    Ok(Duration::from_secs(total))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds_parts() {
        assert_eq!(parse_span("1h30m"), Ok(Duration::from_secs(5400)));
        assert_eq!(parse_span(" 2d 4h 5 sec"), Ok(Duration::from_secs(187_205)));
    }

    #[test]
    fn explains_failures() {
        assert_eq!(parse_span(" "), Err(SpanError::Empty));
        assert_eq!(parse_span("1h30"), Err(SpanError::NoUnit(30)));
        assert_eq!(parse_span("3w"), Err(SpanError::BadUnit("w".into())));
        assert_eq!(parse_span("999999999999999999d"), Err(SpanError::TooLong));
    }
}
