/// Licence plates in order: AA-00, AA-01, ... AB-00, ... up to ZZ-99.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plates {
    next: Option<u32>,
}

const PER_PAIR: u32 = 100;
const PAIRS: u32 = 26 * 26;

fn render(number: u32) -> String {
    let pair = number / PER_PAIR;
    let letter = |index: u32| char::from(b'A' + index as u8);
    format!(
        "{}{}-{:02}",
        letter(pair / 26),
        letter(pair % 26),
        number % PER_PAIR
    )
}

pub fn number_of(plate: &str) -> Option<u32> {
    let (letters, digits) = plate.split_once('-')?;
    let mut pair = 0;
    for letter in letters.bytes() {
        if !letter.is_ascii_uppercase() {
            return None;
        }
        pair = pair * 26 + u32::from(letter - b'A');
    }
    let digits: u32 = digits.parse().ok()?;
    (letters.len() == 2 && digits < PER_PAIR).then_some(pair * PER_PAIR + digits)
}

impl Plates {
    pub fn after(plate: &str) -> Option<Plates> {
        let next = number_of(plate)?.checked_add(1);
        Some(Plates { next })
    }
}

impl Iterator for Plates {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        let number = self.next.filter(|&number| number < PAIRS * PER_PAIR)?;
        self.next = Some(number + 1);
        Some(render(number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_over() {
        let plates = Plates::after("AZ-98").unwrap();
        let first: Vec<String> = plates.clone().take(2).collect();
        assert_eq!(first, ["AZ-99", "BA-00"]);
        assert_eq!(plates.count(), 24 * 2600 + 2601);
    }

    #[test]
    fn ends_at_zz() {
        let mut plates = Plates::after("ZZ-98").unwrap();
        assert_eq!(plates.next().as_deref(), Some("ZZ-99"));
        assert_eq!(plates.next(), None);
        assert_eq!(plates.next(), None);
    }

    #[test]
    fn bad_plates() {
        assert_eq!(number_of("BC-07"), Some(2807));
        assert_eq!(number_of("bC-07"), None);
        assert_eq!(number_of("ABC-07"), None);
        assert_eq!(Plates::after("AB-100"), None);
    }
}
