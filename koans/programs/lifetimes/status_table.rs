const PHRASES: &[(u16, &str)] = &[
    (200, "OK"),
    (204, "No Content"),
    (301, "Moved"),
    (404, "Not Found"),
    (503, "Unavailable"),
];

pub fn phrase(code: u16) -> Option<&'static str> {
    PHRASES
        .iter()
        .find(|(known, _)| *known == code)
        .map(|&(_, text)| text)
}

pub fn class(code: u16) -> &'static str {
    match code / 100 {
        2 => "success",
        3 => "redirect",
        4 => "client",
        5 => "server",
        _ => "other",
    }
}

pub fn line(code: u16, custom: Option<&str>) -> String {
    let text = custom.or(phrase(code)).unwrap_or("?");
    format!("{code} {text} ({})", class(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_and_unknown() {
        assert_eq!(phrase(404), Some("Not Found"));
        assert_eq!(phrase(418), None);
        assert_eq!(class(503), "server");
        assert_eq!(class(99), "other");
    }

    #[test]
    fn lines() {
        assert_eq!(line(204, None), "204 No Content (success)");
        let custom = String::from("Gone Fishing");
        assert_eq!(line(404, Some(&custom)), "404 Gone Fishing (client)");
        assert_eq!(line(302, None), "302 ? (redirect)");
    }
}
