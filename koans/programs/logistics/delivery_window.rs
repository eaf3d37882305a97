use std::ops::Range;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    minutes: Range<u32>,
}

impl Window {
    pub fn new(minutes: Range<u32>) -> Option<Self> {
        (minutes.start < minutes.end).then_some(Window { minutes })
    }

    /// The part of the window in which both sides can meet.
    pub fn meet(&self, other: &Window) -> Option<Window> {
        let start = self.minutes.start.max(other.minutes.start);
        let end = self.minutes.end.min(other.minutes.end);
        Window::new(start..end)
    }

    pub fn delay(&mut self, by: u32) -> &mut Self {
        self.minutes = self.minutes.start + by..self.minutes.end + by;
        self
    }

    pub fn bounds(&self) -> Range<u32> {
        self.minutes.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn meeting_windows() {
        let driver = Window::new(600..660).unwrap();
        let shop = Window::new(630..900).unwrap();
        assert_eq!(driver.meet(&shop), Window::new(630..660));
        assert_eq!(driver.meet(&Window::new(660..700).unwrap()), None);
        assert_eq!(Window::new(5..5), None);
    }

    #[test]
    fn delays_add_up() {
        let mut window = Window::new(10..20).unwrap();
        let before = window.clone();
        window.delay(5).delay(1);
        assert_eq!(window.bounds(), 16..26);
        assert_eq!(before.bounds(), 10..20);
    }
}
