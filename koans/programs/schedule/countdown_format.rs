use std::borrow::Cow;

/// Words for the time left until a deadline, in ticks of one second.
pub fn countdown(now: u64, due: u64) -> Cow<'static, str> {
    let left = match due.checked_sub(now) {
        None => return Cow::Borrowed("overdue"),
        Some(0) => return "now".into(),
        Some(left) => left,
    };
    let parts = [
        ("d", left / 86_400),
        ("h", left / 3600 % 24),
        ("m", left / 60 % 60),
        ("s", left % 60),
    ];
    let text: Vec<String> = parts
        .iter()
        .skip_while(|(_, n)| *n == 0)
        .take(2)
        .filter(|(_, n)| *n > 0)
        .map(|(unit, n)| format!("{n}{unit}"))
        .collect();
    Cow::Owned(text.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_largest_units() {
        assert_eq!(countdown(0, 90_061), "1d 1h");
        assert_eq!(countdown(100, 100 + 7_384), "2h 3m");
        assert_eq!(countdown(0, 3_605), "1h");
        assert_eq!(countdown(0, 59), "59s");
    }

    #[test]
    fn fixed_words_do_not_allocate() {
        assert!(matches!(countdown(5, 5), Cow::Borrowed("now")));
        assert!(matches!(countdown(6, 5), Cow::Borrowed("overdue")));
    }
}
