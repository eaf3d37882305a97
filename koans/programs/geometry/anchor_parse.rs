use std::num::ParseIntError;
use std::str::FromStr;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchor {
    pub x: i16,
    pub y: i16,
}

#[derive(Debug, PartialEq, Eq)]
pub enum AnchorError {
    NoComma,
    Number(ParseIntError),
}

impl From<ParseIntError> for AnchorError {
    fn from(error: ParseIntError) -> Self {
        AnchorError::Number(error)
    }
}

impl FromStr for Anchor {
    type Err = AnchorError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (x, y) = text.split_once(',').ok_or(AnchorError::NoComma)?;
        Ok(Anchor {
            x: x.trim().parse()?,
            y: y.trim().parse()?,
        })
    }
}

/// Largest jump, in steps along the axes, between following anchors.
pub fn longest_jump(path: &str) -> Result<u32, AnchorError> {
    let anchors = path
        .split(';')
        .map(str::parse)
        .collect::<Result<Vec<Anchor>, _>>()?;
    let jumps = anchors.windows(2).map(|pair| {
        u32::from(pair[0].x.abs_diff(pair[1].x)) + u32::from(pair[0].y.abs_diff(pair[1].y))
    });
    Ok(jumps.max().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_pairs() {
        assert_eq!(" 3, -4".parse(), Ok(Anchor { x: 3, y: -4 }));
        assert_eq!("34".parse::<Anchor>(), Err(AnchorError::NoComma));
        let error = "1,b".parse::<Anchor>().unwrap_err();
        assert!(matches!(error, AnchorError::Number(_)));
    }

    #[test]
    fn jumps() {
        assert_eq!(longest_jump("0,0; 2,1; -5,1; -5,0"), Ok(7));
        assert_eq!(longest_jump("-30000,0;30000,1"), Ok(60001));
        assert_eq!(longest_jump("4,4"), Ok(0));
        assert_eq!(longest_jump("4,4;;"), Err(AnchorError::NoComma));
    }
}
