/// Fixed-size wire encoding, little endian.
pub trait Wire: Sized {
    const WIDTH: usize;

    fn put(&self, out: &mut Vec<u8>);
    fn take(bytes: &[u8]) -> Option<Self>;
}

impl Wire for u16 {
    const WIDTH: usize = 2;

    fn put(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.to_le_bytes());
    }

    fn take(bytes: &[u8]) -> Option<Self> {
        let raw: [u8; 2] = bytes.get(..2)?.try_into().ok()?;
        Some(u16::from_le_bytes(raw))
    }
}

impl Wire for bool {
    const WIDTH: usize = 1;

    fn put(&self, out: &mut Vec<u8>) {
        out.push(*self as u8);
    }

    fn take(bytes: &[u8]) -> Option<Self> {
        match bytes.first()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

impl<A: Wire, B: Wire> Wire for (A, B) {
    const WIDTH: usize = A::WIDTH + B::WIDTH;

    fn put(&self, out: &mut Vec<u8>) {
        self.0.put(out);
        self.1.put(out);
    }

    fn take(bytes: &[u8]) -> Option<Self> {
        let first = A::take(bytes)?;
        let second = B::take(bytes.get(A::WIDTH..)?)?;
        Some((first, second))
    }
}

pub fn encode_all<T: Wire>(items: &[T]) -> Vec<u8> {
    let mut out = Vec::with_capacity(items.len() * T::WIDTH);
    items.iter().for_each(|item| item.put(&mut out));
    out
}

pub fn decode_all<T: Wire>(bytes: &[u8]) -> Option<Vec<T>> {
    bytes.chunks(T::WIDTH).map(T::take).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_round_trip() {
        let items = vec![(258u16, true), (7, false)];
        let bytes = encode_all(&items);
        assert_eq!(bytes, [2, 1, 1, 7, 0, 0]);
        assert_eq!(decode_all::<(u16, bool)>(&bytes), Some(items));
    }

    #[test]
    fn short_or_bad_input() {
        assert_eq!(decode_all::<u16>(&[1, 0, 9]), None);
        assert_eq!(decode_all::<bool>(&[1, 0, 9]), None);
        assert_eq!(<(u16, (u16, bool))>::WIDTH, 5);
    }
}
