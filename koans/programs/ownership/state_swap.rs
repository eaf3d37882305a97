#[derive(Debug, PartialEq, Default)]
pub enum Download {
    #[default]
    Idle,
    Running {
        url: String,
        bytes: Vec<u8>,
    },
    Done(Vec<u8>),
    Failed(String),
}

impl Download {
    pub fn start(&mut self, url: &str) -> bool {
        if matches!(self, Download::Running { .. }) {
            return false;
        }
        *self = Download::Running {
            url: url.to_string(),
            bytes: Vec::new(),
        };
        true
    }

    pub fn chunk(&mut self, data: &[u8]) {
        if let Download::Running { bytes, .. } = self {
            bytes.extend_from_slice(data);
        }
    }

    /// Ends the transfer; the buffer moves on without a copy.
    pub fn finish(&mut self, expected: usize) {
        *self = match std::mem::take(self) {
            Download::Running { bytes, .. } if bytes.len() == expected => Download::Done(bytes),
            Download::Running { url, bytes } => {
                Download::Failed(format!("{url}: {} of {expected}", bytes.len()))
            }
            other => other,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complete_download() {
        let mut d = Download::default();
        assert!(d.start("a/b"));
        assert!(!d.start("c"));
        d.chunk(&[1, 2]);
        d.chunk(&[3]);
        d.finish(3);
        assert_eq!(d, Download::Done(vec![1, 2, 3]));
        d.finish(9);
        assert_eq!(d, Download::Done(vec![1, 2, 3]));
    }

    #[test]
    fn short_download() {
        let mut d = Download::Idle;
        d.chunk(&[9]);
        d.start("x");
        d.chunk(&[9]);
        d.finish(4);
        assert_eq!(d, Download::Failed("x: 1 of 4".to_string()));
        assert!(d.start("y"));
    }
}
