#[derive(Debug, Clone, PartialEq)]
pub enum Quote {
    Fresh(String),
    Stale { text: String, age: u32 },
}

/// Picks the newest stored quote and says whether it is still good.
pub fn newest(stored: &[(u32, String)], now: u32, limit: u32) -> Option<Quote> {
    let (tick, text) = stored.iter().max_by_key(|(tick, _)| *tick)?;
    let age = now.checked_sub(*tick)?;
    let text = text.clone();
    Some(if age <= limit {
        Quote::Fresh(text)
    } else {
        Quote::Stale { text, age }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn freshness_by_age() {
        let stored = vec![(4, "old".to_string()), (9, "new".to_string())];
        assert_eq!(
            newest(&stored, 12, 3),
            Some(Quote::Fresh("new".to_string()))
        );
        let stale = Quote::Stale {
            text: "new".to_string(),
            age: 4,
        };
        assert_eq!(newest(&stored, 13, 3), Some(stale));
    }

    #[test]
    fn nothing_usable() {
        assert_eq!(newest(&[], 5, 5), None);
        assert_eq!(newest(&[(6, "future".to_string())], 5, 5), None);
    }
}
