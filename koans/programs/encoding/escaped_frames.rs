const END: u8 = 0xc0;
const ESC: u8 = 0xdb;

/// Wraps a payload so that the end mark never occurs inside it.
pub fn wrap(payload: &[u8]) -> Vec<u8> {
    let mut out: Vec<u8> = payload
        .iter()
        .flat_map(|&b| match b {
            END | ESC => vec![ESC, b ^ 0x20],
            _ => vec![b],
        })
        .collect();
    out.push(END);
    out
}

/// All complete frames in `stream`; damaged ones come out as `None`.
pub fn unwrap_all(stream: &[u8]) -> Vec<Option<Vec<u8>>> {
    let mut frames: Vec<_> = stream.split(|&b| b == END).map(unescape).collect();
    frames.pop();
    frames
}

fn unescape(frame: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = frame.iter();
    let mut out = Vec::with_capacity(frame.len());
    while let Some(&b) = bytes.next() {
        out.push(if b == ESC { bytes.next()? ^ 0x20 } else { b });
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wraps() {
        assert_eq!(wrap(&[1, END, 2, ESC]), [1, ESC, 0xe0, 2, ESC, 0xfb, END]);
        assert_eq!(wrap(&[]), [END]);
    }

    #[test]
    fn unwraps_a_stream() {
        let mut stream = wrap(&[END, 7]);
        stream.extend(wrap(&[ESC]));
        stream.extend([3, 4]);
        assert_eq!(unwrap_all(&stream), [Some(vec![END, 7]), Some(vec![ESC])]);
        assert_eq!(unwrap_all(&[1, ESC, END]), [None]);
    }
}
