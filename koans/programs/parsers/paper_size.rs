#[derive(Debug, PartialEq, Clone, Copy)]
pub struct Sheet {
    pub width: f64,
    pub height: f64,
}

/// Reads `210x297mm` or `8.5 x 11in`; the result is in millimetres.
pub fn parse_sheet(text: &str) -> Result<Sheet, String> {
    let text = text.trim();
    let (numbers, scale) = if let Some(rest) = text.strip_suffix("mm") {
        (rest, 1.0)
    } else {
        (
            text.strip_suffix("in").ok_or("unit must be mm or in")?,
            25.4,
        )
    };
    let (width, height) = numbers.split_once('x').ok_or("expected width x height")?;
    let side = |s: &str| s.trim().parse::<f64>().map_err(|e| e.to_string());
    Ok(Sheet {
        width: side(width)? * scale,
        height: side(height)? * scale,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_units() {
        let a4 = Sheet {
            width: 210.0,
            height: 297.0,
        };
        assert_eq!(parse_sheet("210x297mm"), Ok(a4));
        assert_eq!(
            parse_sheet(" 10 x 100in").unwrap(),
            Sheet {
                width: 254.0,
                height: 2540.0
            }
        );
    }

    #[test]
    fn errors() {
        assert_eq!(parse_sheet("2x3"), Err("unit must be mm or in".to_string()));
        assert_eq!(parse_sheet("23mm").unwrap_err(), "expected width x height");
        assert_eq!(parse_sheet("ax3mm").unwrap_err(), "invalid float literal");
    }
}
