use std::convert::TryFrom;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Color {
    pub r: u8,
    pub g: u8,
    pub b: u8,
}

#[derive(Debug, PartialEq)]
pub enum ColorError {
    Length(usize),
    Digit,
}

impl TryFrom<&str> for Color {
    type Error = ColorError;

    fn try_from(text: &str) -> Result<Self, Self::Error> {
        let hex = text.trim_start_matches('#');
        let wide = match hex.len() {
            3 => hex.chars().flat_map(|c| [c, c]).collect(),
            6 => hex.to_string(),
            n => return Err(ColorError::Length(n)),
        };
        let value = u32::from_str_radix(&wide, 16).map_err(|_| ColorError::Digit)?;
        let [_, r, g, b] = value.to_be_bytes();
        Ok(Color { r, g, b })
    }
}

impl From<Color> for String {
    fn from(c: Color) -> String {
        format!("#{:02x}{:02x}{:02x}", c.r, c.g, c.b)
    }
}

impl Color {
    /// Perceived brightness in percent, rounded down.
    pub fn brightness(self) -> u32 {
        let Color { r, g, b } = self;
        (u32::from(r) * 299 + u32::from(g) * 587 + u32::from(b) * 114) / 2550
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_both_lengths() {
        let long = Color::try_from("#ff8000").unwrap();
        assert_eq!(
            long,
            Color {
                r: 255,
                g: 128,
                b: 0
            }
        );
        assert_eq!(Color::try_from("f80"), Ok(Color { g: 0x88, ..long }));
        assert_eq!(String::from(long), "#ff8000");
    }

    #[test]
    fn rejects_others() {
        assert_eq!(Color::try_from("#ffff"), Err(ColorError::Length(4)));
        assert_eq!(Color::try_from("#ggg"), Err(ColorError::Digit));
    }

    #[test]
    fn brightness_in_percent() {
        let white: Color = "fff".try_into().unwrap();
        assert_eq!(white.brightness(), 100);
        assert_eq!(
            Color {
                g: 255,
                ..Color::default()
            }
            .brightness(),
            58
        );
        assert_eq!(Color::default().brightness(), 0);
    }
}
