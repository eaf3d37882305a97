/// Keeps positions after each move and lets a viewer step through them.
pub struct Replay<P> {
    frames: Vec<P>,
    cursor: usize,
}

impl<P: Clone> Replay<P> {
    pub fn new(start: P) -> Self {
        Replay {
            frames: vec![start],
            cursor: 0,
        }
    }

    /// Plays on from the shown frame; later frames are dropped.
    pub fn play(&mut self, change: impl FnOnce(&mut P)) -> &P {
        let mut next = self.shown().clone();
        change(&mut next);
        self.frames.truncate(self.cursor + 1);
        self.frames.push(next);
        self.cursor += 1;
        self.shown()
    }

    pub fn shown(&self) -> &P {
        &self.frames[self.cursor]
    }

    pub fn seek(&mut self, frame: usize) -> &P {
        self.cursor = frame.min(self.frames.len() - 1);
        self.shown()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeking() {
        let mut r = Replay::new(vec!['a']);
        r.play(|p| p.push('b'));
        assert_eq!(r.play(|p| p.push('c')), &vec!['a', 'b', 'c']);
        assert_eq!(r.seek(0), &vec!['a']);
        assert_eq!(r.seek(99), &vec!['a', 'b', 'c']);
        assert_eq!(r.shown().len(), 3);
    }

    #[test]
    fn branching_drops_the_future() {
        let mut r = Replay::new(String::from("x"));
        r.play(|p| p.push('1'));
        r.play(|p| p.push('2'));
        r.seek(1);
        assert_eq!(r.play(|p| p.push('9')), "x19");
        assert_eq!(r.seek(7), "x19");
        assert_eq!(r.seek(2), "x19");
        assert_eq!(r.seek(1), "x1");
    }
}
