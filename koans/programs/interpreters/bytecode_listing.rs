use std::fmt::Write;

const NAMES: [(u8, &str, usize); 4] = [
    (0x01, "push", 2),
    (0x02, "add", 0),
    (0x10, "jump", 1),
    (0xff, "stop", 0),
];

/// One line per instruction: offset, name, operand in big endian.
pub fn listing(code: &[u8]) -> Result<String, usize> {
    let mut out = String::new();
    let mut at = 0;
    while at < code.len() {
        let (_, name, width) = NAMES.iter().find(|(b, _, _)| *b == code[at]).ok_or(at)?;
        let operand = code.get(at + 1..at + 1 + width).ok_or(at)?;
        write!(out, "{at:04} {name}").map_err(|_| at)?;
        let value = operand.iter().fold(0u16, |v, b| v << 8 | u16::from(*b));
        let shown = (!operand.is_empty()).then(|| format!(" {value}"));
        out += &(shown.unwrap_or_default() + "\n");
        at += 1 + width;
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists() {
        let code = [0x01, 0x01, 0x02, 0x10, 0x09, 0xff];
        assert_eq!(
            listing(&code).unwrap(),
            "0000 push 258\n0003 jump 9\n0005 stop\n"
        );
        assert_eq!(listing(&[0x02]), Ok("0000 add\n".to_string()));
    }

    #[test]
    fn offset_of_trouble() {
        assert_eq!(listing(&[0x02, 0x77]), Err(1));
        assert_eq!(listing(&[0x02, 0x02, 0x01, 0x00]), Err(2));
    }
}
