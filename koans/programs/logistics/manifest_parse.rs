use std::error::Error;
use std::fmt;

#[derive(Debug, Clone, PartialEq)]
pub struct Consignment<'m> {
    pub code: &'m str,
    pub pieces: u16,
    pub kilos: f32,
    pub fragile: bool,
}

#[derive(Debug, PartialEq, Eq)]
pub struct ManifestError {
    pub line: usize,
    pub reason: String,
}

impl fmt::Display for ManifestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.reason)
    }
}

impl Error for ManifestError {}

fn parse_line(line: &str) -> Result<Consignment<'_>, Box<dyn Error>> {
    let mut words = line.split_whitespace();
    let code = words.next().ok_or("empty")?;
    let pieces = words.next().ok_or("pieces missing")?.parse()?;
    let kilos = words.next().ok_or("kilos missing")?.parse()?;
    let fragile = match words.next() {
        None => false,
        Some("!") => true,
        Some(other) => return Err(format!("unexpected {other}").into()),
    };
    Ok(Consignment {
        code,
        pieces,
        kilos,
        fragile,
    })
}

/// Lines starting with '#' are remarks of the driver.
pub fn parse_manifest(text: &str) -> Result<Vec<Consignment<'_>>, ManifestError> {
    let mut list = Vec::new();
    for (number, line) in text.lines().enumerate() {
        if line.starts_with('#') {
            continue;
        }
        let parsed = parse_line(line).map_err(|e| ManifestError {
            line: number + 1,
            reason: e.to_string(),
        })?;
        list.push(parsed);
    }
    Ok(list)
}

pub fn heaviest<'a, 'm>(list: &'a [Consignment<'m>]) -> Option<&'a Consignment<'m>> {
    list.iter().max_by(|a, b| a.kilos.total_cmp(&b.kilos))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_lines() {
        let text = "# tuesday\nAB1 3 12.5\nAB2 1 40 !\n";
        let list = parse_manifest(text).unwrap();
        assert_eq!(
            list[0],
            Consignment {
                code: "AB1",
                pieces: 3,
                kilos: 12.5,
                fragile: false
            }
        );
        assert!(list[1].fragile);
        assert_eq!(heaviest(&list).map(|c| c.code), Some("AB2"));
        assert_eq!(heaviest(&[]), None);
    }

    #[test]
    fn errors_have_line_numbers() {
        let fail = |text: &str| parse_manifest(text).unwrap_err().to_string();
        assert_eq!(fail("#\nAB1"), "line 2: pieces missing");
        assert_eq!(fail("AB1 1 1 x"), "line 1: unexpected x");
        assert_eq!(fail("AB1 1 1\n\n"), "line 2: empty");
        assert!(fail("AB1 -1 1").starts_with("line 1: invalid digit"));
    }
}
