#[derive(Debug, Default)]
enum State {
    #[default]
    Hunting,
    Length,
    Body {
        want: usize,
        got: Vec<u8>,
    },
}

const START: u8 = 0x7e;

/// Collects frames `7e len body...` from bytes that arrive in pieces.
#[derive(Debug, Default)]
pub struct FrameReader {
    state: State,
    skipped: usize,
}

impl FrameReader {
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<Vec<u8>> {
        let mut frames = Vec::new();
        for &byte in bytes {
            self.state = match std::mem::take(&mut self.state) {
                State::Hunting if byte == START => State::Length,
                State::Hunting => {
                    self.skipped += 1;
                    State::Hunting
                }
                State::Length if byte == 0 => {
                    frames.push(vec![]);
                    State::Hunting
                }
                State::Length => State::Body {
                    want: byte as usize,
                    got: Vec::new(),
                },
                State::Body { want, mut got } => {
                    got.push(byte);
                    if got.len() == want {
                        frames.push(got);
                        State::Hunting
                    } else {
                        State::Body { want, got }
                    }
                }
            };
        }
        frames
    }

    pub fn skipped(&self) -> usize {
        self.skipped
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_across_pieces() {
        let mut reader = FrameReader::default();
        assert!(reader.feed(&[9, START, 2, START]).is_empty());
        assert_eq!(reader.feed(&[5, 1, START, 0]), [vec![START, 5], vec![]]);
        assert_eq!(reader.skipped(), 2);
    }

    #[test]
    fn two_in_one_piece() {
        let mut reader = FrameReader::default();
        let frames = reader.feed(&[START, 1, 10, START, 1, 20]);
        assert_eq!(frames, vec![vec![10], vec![20]]);
        assert_eq!(reader.skipped(), 0);
    }
}
