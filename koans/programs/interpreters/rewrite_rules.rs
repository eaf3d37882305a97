use std::borrow::Cow;

pub struct Rule<'r> {
    pub from: &'r str,
    pub to: &'r str,
}

/// Applies the first rule that matches, at its leftmost place; borrowed when none does.
pub fn rewrite_once<'t>(text: &'t str, rules: &[Rule<'_>]) -> Cow<'t, str> {
    let hit = rules
        .iter()
        .filter(|r| !r.from.is_empty())
        .find_map(|r| text.find(r.from).map(|at| (at, r)));
    match hit {
        None => Cow::Borrowed(text),
        Some((at, rule)) => {
            let tail = &text[at + rule.from.len()..];
            Cow::Owned([&text[..at], rule.to, tail].concat())
        }
    }
}

pub fn normalize(text: &str, rules: &[Rule<'_>], limit: usize) -> Result<String, String> {
    let mut now = text.to_string();
    for _ in 0..limit {
        now = match rewrite_once(&now, rules) {
            Cow::Borrowed(done) => return Ok(done.to_owned()),
            Cow::Owned(changed) => changed,
        };
    }
    Err(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: [Rule<'static>; 2] = [
        Rule {
            from: "ba",
            to: "ab",
        },
        Rule {
            from: "aab",
            to: "c",
        },
    ];

    #[test]
    fn one_step() {
        assert_eq!(rewrite_once("xbaba", &RULES), "xabba");
        assert!(matches!(rewrite_once("xyz", &RULES), Cow::Borrowed("xyz")));
    }

    #[test]
    fn to_the_end() {
        assert_eq!(normalize("bab", &RULES, 9), Ok("abb".to_string()));
        assert_eq!(normalize("baba", &RULES, 9), Ok("cb".to_string()));
        assert_eq!(normalize("baba", &RULES, 2), Err("abab".to_string()));
    }
}
