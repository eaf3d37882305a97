use std::convert::TryFrom;
use std::fmt;

const NAMES: [&str; 12] = [
    "C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B",
];

/// A key of the keyboard; 60 is the middle C.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pitch(u8);

impl TryFrom<i32> for Pitch {
    type Error = i32;
    fn try_from(n: i32) -> Result<Self, i32> {
        match u8::try_from(n) {
            Ok(key) if key < 128 => Ok(Pitch(key)),
            _ => Err(n),
        }
    }
}

impl Pitch {
    pub fn transpose(self, semitones: i32) -> Result<Pitch, i32> {
        Pitch::try_from(i32::from(self.0) + semitones)
    }
}

impl fmt::Display for Pitch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = NAMES[usize::from(self.0 % 12)];
        write!(f, "{}{}", name, i32::from(self.0 / 12) - 1)
    }
}

pub fn chord(root: Pitch, steps: &[i32]) -> Result<String, i32> {
    let notes = steps.iter().map(|s| root.transpose(*s));
    let names: Vec<String> = notes
        .map(|p| p.map(|p| p.to_string()))
        .collect::<Result<_, _>>()?;
    Ok(names.join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let c = Pitch::try_from(60).unwrap();
        assert_eq!(c.to_string(), "C4");
        assert_eq!(c.transpose(-2).unwrap().to_string(), "A#3");
        assert_eq!(Pitch::try_from(0).unwrap().to_string(), "C-1");
        assert!(c < c.transpose(1).unwrap());
    }

    #[test]
    fn chords() {
        let a = Pitch::try_from(57).unwrap();
        assert_eq!(chord(a, &[0, 3, 7]), Ok("A3-C4-E4".to_string()));
        assert_eq!(chord(a, &[0, 80]), Err(137));
        assert_eq!(Pitch::try_from(-1), Err(-1));
    }
}
