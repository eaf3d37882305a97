#[derive(Debug, PartialEq, Eq)]
pub enum DecodeError {
    OddLength,
    BadPair(String),
}

#[derive(Debug, PartialEq, Eq)]
pub enum FrameError {
    Decode(DecodeError),
    Short { need: usize, got: usize },
    Checksum(u8),
}

impl From<DecodeError> for FrameError {
    fn from(e: DecodeError) -> Self {
        Self::Decode(e)
    }
}

#[derive(Debug, PartialEq, Eq)]
pub struct DeviceError {
    pub device: String,
    pub error: FrameError,
}

pub fn decode(hex: &str) -> Result<Vec<u8>, DecodeError> {
    if hex.len() % 2 != 0 {
        return Err(DecodeError::OddLength);
    }
    let mut out = Vec::with_capacity(hex.len() / 2);
    for at in (0..hex.len()).step_by(2) {
        let pair = &hex[at..at + 2];
        let byte = u8::from_str_radix(pair, 16).map_err(|_| DecodeError::BadPair(pair.into()))?;
        out.push(byte);
    }
    Ok(out)
}

pub fn payload(hex: &str) -> Result<Vec<u8>, FrameError> {
    let mut bytes = decode(hex)?;
    let got = bytes.len();
    let Some(check) = bytes.pop() else {
        return Err(FrameError::Short { need: 1, got });
    };
    let sum = bytes.iter().fold(0u8, |acc, b| acc.wrapping_add(*b));
    if sum != check {
        return Err(FrameError::Checksum(sum));
    }
    Ok(bytes)
}

pub fn poll(device: &str, hex: &str) -> Result<usize, DeviceError> {
    let bytes = payload(hex).map_err(|error| DeviceError {
        device: device.to_string(),
        error,
    })?;
    Ok(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_frames() {
        assert_eq!(payload("0a1428").unwrap_err(), FrameError::Checksum(30));
        assert_eq!(payload("0a141e"), Ok(vec![10, 20]));
        assert_eq!(
            poll("pump", "ff0200"),
            Err(DeviceError {
                device: "pump".to_string(),
                error: FrameError::Checksum(1),
            })
        );
        assert_eq!(poll("pump", "ff0201"), Ok(2));
    }

    #[test]
    fn broken_frames() {
        assert_eq!(payload(""), Err(FrameError::Short { need: 1, got: 0 }));
        assert_eq!(payload("abc"), Err(DecodeError::OddLength.into()));
        let err = poll("fan", "zz").unwrap_err();
        assert_eq!(err.device, "fan");
        assert_eq!(
            err.error,
            FrameError::Decode(DecodeError::BadPair("zz".to_string()))
        );
    }
}
