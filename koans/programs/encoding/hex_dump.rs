use std::fmt::{self, Display, Write};

pub struct Dump<'a> {
    bytes: &'a [u8],
    width: usize,
}

impl<'a> Dump<'a> {
    pub fn new(bytes: &'a (impl AsRef<[u8]> + ?Sized), width: usize) -> Self {
        Dump {
            bytes: bytes.as_ref(),
            width,
        }
    }
}

impl Display for Dump<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (row, chunk) in self.bytes.chunks(self.width).enumerate() {
            let mut hex = String::new();
            for byte in chunk {
                write!(hex, "{byte:02x} ")?;
            }
            let text: String = chunk
                .iter()
                .map(|&b| if b.is_ascii_graphic() { b as char } else { '.' })
                .collect();
            let pad = self.width * 3;
            writeln!(f, "{:04x}: {hex:<pad$}|{text}|", row * self.width)?;
        }
        Ok(())
    }
}

fn main() {
    let greeting = String::from("hello, dump\n");
    print!("{}", Dump::new(greeting.as_str(), 8));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows() {
        let dump = Dump::new("ab c\n", 4).to_string();
        assert_eq!(dump, "0000: 61 62 20 63 |ab.c|\n0004: 0a          |.|\n");
        assert_eq!(Dump::new(&[], 4).to_string(), "");
    }

    #[test]
    fn any_bytes() {
        let bytes = vec![0xffu8, b'~'];
        assert_eq!(format!("{}", Dump::new(&bytes, 2)), "0000: ff 7e |.~|\n");
        main();
    }
}
