use std::convert::TryInto;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    pub version: u8,
    pub urgent: bool,
    pub channel: u16,
    pub length: u32,
}

#[derive(Debug, PartialEq, Eq)]
pub enum HeaderError {
    Short { missing: usize },
    Version(u8),
    Truncated { announced: u32, present: usize },
}

impl Header {
    pub const SIZE: usize = 7;

    pub fn to_bytes(&self) -> [u8; Header::SIZE] {
        let mut bytes = [0; Header::SIZE];
        bytes[0] = self.version << 1 | self.urgent as u8;
        bytes[1..3].copy_from_slice(&self.channel.to_be_bytes());
        bytes[3..].copy_from_slice(&self.length.to_be_bytes());
        bytes
    }
}

impl TryFrom<&[u8]> for Header {
    type Error = HeaderError;

    fn try_from(bytes: &[u8]) -> Result<Self, Self::Error> {
        let short = HeaderError::Short {
            missing: Header::SIZE.saturating_sub(bytes.len()),
        };
        let fixed: &[u8; 7] = bytes
            .get(..7)
            .and_then(|b| b.try_into().ok())
            .ok_or(short)?;
        let [first, c0, c1, length @ ..] = *fixed;
        match first >> 1 {
            version @ 1..=3 => Ok(Header {
                version,
                urgent: first & 1 == 1,
                channel: u16::from_be_bytes([c0, c1]),
                length: u32::from_be_bytes(length),
            }),
            other => Err(HeaderError::Version(other)),
        }
    }
}

pub fn split(packet: &[u8]) -> Result<(Header, &[u8]), HeaderError> {
    let header = Header::try_from(packet)?;
    let body = &packet[Header::SIZE..];
    let announced = header.length;
    let body = body
        .get(..announced as usize)
        .ok_or(HeaderError::Truncated {
            announced,
            present: body.len(),
        })?;
    Ok((header, body))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(length: u32) -> Header {
        Header {
            version: 2,
            urgent: true,
            channel: 0x0102,
            length,
        }
    }

    #[test]
    fn layout() {
        assert_eq!(header(258).to_bytes(), [5, 1, 2, 0, 0, 1, 2]);
    }

    #[test]
    fn splits() {
        let packet = [&header(2).to_bytes()[..], b"abc"].concat();
        assert_eq!(split(&packet), Ok((header(2), &b"ab"[..])));
    }

    #[test]
    fn errors() {
        assert_eq!(split(&[5, 1]), Err(HeaderError::Short { missing: 5 }));
        assert_eq!(split(&[8; 9]), Err(HeaderError::Version(4)));
        let packet = header(2).to_bytes();
        assert_eq!(
            split(&packet),
            Err(HeaderError::Truncated {
                announced: 2,
                present: 0
            })
        );
    }
}
