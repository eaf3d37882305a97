use std::fmt;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct BinLabel {
    pub aisle: char,
    pub rack: u8,
    pub shelf: u8,
}

impl TryFrom<&str> for BinLabel {
    type Error = String;

    fn try_from(text: &str) -> Result<Self, Self::Error> {
        let mut parts = text.split('-');
        let (Some(aisle), Some(rack), Some(shelf), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(format!("label {text} needs three parts"));
        };
        let aisle = aisle
            .chars()
            .next()
            .filter(|c| c.is_ascii_uppercase() && aisle.len() == 1)
            .ok_or_else(|| format!("bad aisle {aisle:?}"))?;
        let number = |part: &str| part.parse::<u8>().map_err(|e| format!("{part}: {e}"));
        Ok(BinLabel {
            aisle,
            rack: number(rack)?,
            shelf: number(shelf)?,
        })
    }
}

impl fmt::Display for BinLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:02}-{}", self.aisle, self.rack, self.shelf)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_prints() {
        let label = BinLabel::try_from("C-7-2").unwrap();
        assert_eq!(
            label,
            BinLabel {
                aisle: 'C',
                rack: 7,
                shelf: 2
            }
        );
        assert_eq!(label.to_string(), "C-07-2");
    }

    #[test]
    fn orders_by_aisle_then_rack() {
        let near = BinLabel::try_from("A-09-9").unwrap();
        let far = BinLabel::try_from("A-10-0").unwrap();
        assert!(near < far);
    }

    #[test]
    fn reports_what_is_wrong() {
        assert_eq!(
            BinLabel::try_from("A-1").unwrap_err(),
            "label A-1 needs three parts"
        );
        assert_eq!(
            BinLabel::try_from("AB-1-1").unwrap_err(),
            "bad aisle \"AB\""
        );
        assert!(BinLabel::try_from("A-300-1")
            .unwrap_err()
            .starts_with("300: "));
    }
}
