use std::fmt;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Rgb(pub u8, pub u8, pub u8);

impl Rgb {
    /// `share` of 255 parts of `other`, the rest of `self`.
    pub fn blend(self, other: Rgb, share: u8) -> Rgb {
        let mix = |a: u8, b: u8| {
            let (a, b, s) = (u16::from(a), u16::from(b), u16::from(share));
            ((a * (255 - s) + b * s + 127) / 255) as u8
        };
        Rgb(
            mix(self.0, other.0),
            mix(self.1, other.1),
            mix(self.2, other.2),
        )
    }
}

impl fmt::LowerHex for Rgb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}

fn main() {
    let dusk = Rgb(20, 24, 82).blend(Rgb(255, 120, 60), 90);
    println!("#{dusk:x}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_and_middle() {
        let (dark, light) = (Rgb::default(), Rgb(255, 200, 10));
        assert_eq!(dark.blend(light, 0), dark);
        assert_eq!(dark.blend(light, 255), light);
        assert_eq!(dark.blend(light, 51), Rgb(51, 40, 2));
    }

    #[test]
    fn hex() {
        assert_eq!(format!("{:x}", Rgb(255, 7, 16)), "ff0710");
    }
}
