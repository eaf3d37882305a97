#[derive(Debug, Default)]
pub struct BitWriter {
    bytes: Vec<u8>,
    used: u8,
}

impl BitWriter {
    /// Appends the lowest `count` bits, the highest of them first.
    pub fn write(&mut self, value: u32, count: u8) -> &mut Self {
        for shift in (0..count).rev() {
            let bit = (value >> shift & 1) as u8;
            if self.used == 0 {
                self.bytes.push(0);
            }
            if let Some(last) = self.bytes.last_mut() {
                *last |= bit << (7 - self.used);
            }
            self.used = (self.used + 1) % 8;
        }
        self
    }

    pub fn finish(self) -> Vec<u8> {
        self.bytes
    }
}

pub struct BitReader<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> BitReader<'b> {
    pub fn new(bytes: &'b [u8]) -> Self {
        BitReader { bytes, at: 0 }
    }

    pub fn read(&mut self, count: usize) -> Option<u32> {
        if self.at + count > self.bytes.len() * 8 {
            return None;
        }
        let mut value = 0;
        for i in self.at..self.at + count {
            let bit = self.bytes[i / 8] >> (7 - i % 8) & 1;
            value = value << 1 | u32::from(bit);
        }
        self.at += count;
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_high_bits_first() {
        let mut writer = BitWriter::default();
        writer.write(0b101, 3).write(0x3f, 6).write(0, 1);
        assert_eq!(writer.finish(), [0b1011_1111, 0b1000_0000]);
    }

    #[test]
    fn reads_back() {
        let bytes = [0b1011_1111, 0b1000_0001];
        let mut reader = BitReader::new(&bytes);
        assert_eq!(reader.read(3), Some(5));
        assert_eq!(reader.read(6), Some(63));
        assert_eq!(reader.read(8), None);
        assert_eq!(reader.read(7), Some(1));
    }
}
