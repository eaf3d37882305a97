use std::borrow::Cow;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonName {
    pub family: String,
    pub given: String,
}

impl PersonName {
    /// Reads "Family, Given" as well as "Given Family".
    pub fn parse(text: &str) -> Option<PersonName> {
        let (family, given) = match text.split_once(',') {
            Some(pair) => pair,
            None => {
                let (given, family) = text.trim().rsplit_once(' ')?;
                (family, given)
            }
        };
        Some(PersonName {
            family: family.trim().to_string(),
            given: given.trim().to_string(),
        })
    }

    pub fn initials(&self) -> String {
        let words = self.given.split_whitespace();
        words
            .chain([self.family.as_str()])
            .filter_map(|w| w.chars().next())
            .flat_map(char::to_uppercase)
            .collect()
    }
}

/// Shortens a badge line only when it does not fit.
pub fn fit(line: &str, width: usize) -> Cow<'_, str> {
    if line.len() <= width {
        Cow::Borrowed(line)
    } else {
        Cow::Owned(format!("{}.", &line[..width - 1]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_notations() {
        let a = PersonName::parse("Berg, Anna Lou").unwrap();
        let b = PersonName::parse(" Anna Lou Berg ").unwrap();
        assert_eq!(a, b);
        assert_eq!(a.initials(), "ALB");
        assert_eq!(PersonName::parse("Madonna"), None);
    }

    #[test]
    fn sorts_by_family() {
        let mut names = vec![
            PersonName::parse("Al Zorn").unwrap(),
            PersonName::parse("Zoe Abel").unwrap(),
        ];
        names.sort();
        assert_eq!(names[0].given, "Zoe");
    }

    #[test]
    fn fits_or_cuts() {
        assert!(matches!(fit("Anna", 4), Cow::Borrowed("Anna")));
        assert_eq!(fit("Annabelle", 5), "Anna.");
    }
}
