/// Compares counted pieces with the book and lists what differs.
#[derive(Debug, PartialEq)]
pub enum Finding<'a> {
    Surplus(&'a str, u32),
    Missing(&'a str, u32),
    NotInBook(&'a str),
}

pub fn compare<'a>(book: &[(&'a str, u32)], counted: &[(&'a str, u32)]) -> Vec<Finding<'a>> {
    let mut findings = Vec::new();
    for &(sku, seen) in counted {
        let expected = book.iter().find(|(name, _)| *name == sku).map(|(_, n)| *n);
        match expected {
            None => findings.push(Finding::NotInBook(sku)),
            Some(n) if seen > n => findings.push(Finding::Surplus(sku, seen - n)),
            Some(n) if seen < n => findings.push(Finding::Missing(sku, n - seen)),
            Some(_) => {}
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_differences_only() {
        let book = [("nail", 100), ("hook", 20), ("wire", 5)];
        let counted = [("wire", 7), ("hook", 20), ("nail", 98), ("tape", 1)];
        assert_eq!(
            compare(&book, &counted),
            vec![
                Finding::Surplus("wire", 2),
                Finding::Missing("nail", 2),
                Finding::NotInBook("tape")
            ]
        );
    }

    #[test]
    fn findings_outlive_the_lists() {
        let name = String::from("bulb");
        let findings = {
            let book = vec![(name.as_str(), 3)];
            compare(&book, &[(name.as_str(), 1)])
        };
        assert_eq!(findings, [Finding::Missing("bulb", 2)]);
    }
}
