use std::string::FromUtf8Error;

#[derive(Debug, Clone, PartialEq)]
pub enum Field {
    Flag(bool),
    Count(u32),
    Label(String),
}

#[derive(Debug, PartialEq)]
pub enum ReadError {
    Ended,
    Tag(u8),
    Text(FromUtf8Error),
}

impl From<FromUtf8Error> for ReadError {
    fn from(error: FromUtf8Error) -> Self {
        ReadError::Text(error)
    }
}

pub fn write_all(fields: &[Field]) -> Vec<u8> {
    let mut out = Vec::new();
    for field in fields {
        match field {
            Field::Flag(on) => out.extend([b'f', *on as u8]),
            Field::Count(n) => {
                out.push(b'c');
                out.extend(n.to_le_bytes());
            }
            Field::Label(text) => {
                out.extend([b'l', text.len() as u8]);
                out.extend(text.as_bytes());
            }
        }
    }
    out
}

fn cut<'a>(input: &mut &'a [u8], n: usize) -> Result<&'a [u8], ReadError> {
    let (head, tail) = input.split_at_checked(n).ok_or(ReadError::Ended)?;
    *input = tail;
    Ok(head)
}

pub fn read_all(mut input: &[u8]) -> Result<Vec<Field>, ReadError> {
    let mut fields = Vec::new();
    while !input.is_empty() {
        let tag = cut(&mut input, 1)?[0];
        fields.push(match tag {
            b'f' => Field::Flag(cut(&mut input, 1)?[0] != 0),
            b'c' => {
                let raw = cut(&mut input, 4)?
                    .try_into()
                    .map_err(|_| ReadError::Ended)?;
                Field::Count(u32::from_le_bytes(raw))
            }
            b'l' => {
                let len = cut(&mut input, 1)?[0];
                Field::Label(String::from_utf8(cut(&mut input, len.into())?.to_vec())?)
            }
            other => return Err(ReadError::Tag(other)),
        });
    }
    Ok(fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layout() {
        let fields = [
            Field::Flag(true),
            Field::Count(258),
            Field::Label("hi".to_string()),
        ];
        let bytes = write_all(&fields);
        assert_eq!(bytes, *b"f\x01c\x02\x01\x00\x00l\x02hi");
        assert_eq!(read_all(&bytes).unwrap(), fields);
    }

    #[test]
    fn errors() {
        assert_eq!(read_all(b"l\x03hi"), Err(ReadError::Ended));
        assert_eq!(read_all(b"f\x00z"), Err(ReadError::Tag(b'z')));
        assert!(matches!(read_all(b"l\x01\xff"), Err(ReadError::Text(_))));
    }
}
