#[derive(Debug, Clone, PartialEq)]
pub struct Viewport {
    centre: (f64, f64),
    zoom: f64,
    screen: (u16, u16),
    history: Vec<(f64, f64)>,
}

impl Viewport {
    pub fn new(screen: (u16, u16)) -> Self {
        Viewport {
            centre: (0.0, 0.0),
            zoom: 1.0,
            screen,
            history: Vec::new(),
        }
    }

    pub fn to_screen(&self, world: (f64, f64)) -> Option<(u16, u16)> {
        let half_w = f64::from(self.screen.0) / 2.0;
        let half_h = f64::from(self.screen.1) / 2.0;
        let x = (world.0 - self.centre.0) * self.zoom + half_w;
        let y = half_h - (world.1 - self.centre.1) * self.zoom;
        let inside = (0.0..f64::from(self.screen.0)).contains(&x)
            && (0.0..f64::from(self.screen.1)).contains(&y);
        inside.then(|| (x as u16, y as u16))
    }

    pub fn jump(&mut self, to: (f64, f64)) {
        let old = std::mem::replace(&mut self.centre, to);
        self.history.push(old);
    }

    pub fn back(&mut self) -> bool {
        match self.history.pop() {
            Some(place) => {
                self.centre = place;
                true
            }
            None => false,
        }
    }

    pub fn zoom_by(&mut self, factor: f64) -> f64 {
        self.zoom = (self.zoom * factor).clamp(0.25, 8.0);
        self.zoom
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn world_to_screen() {
        let mut view = Viewport::new((200, 100));
        assert_eq!(view.to_screen((0.0, 0.0)), Some((100, 50)));
        assert_eq!(view.to_screen((10.0, 20.0)), Some((110, 30)));
        assert_eq!(view.to_screen((100.0, 0.0)), None);
        assert_eq!(view.zoom_by(2.0), 2.0);
        assert_eq!(view.to_screen((10.0, 20.0)), Some((120, 10)));
    }

    #[test]
    fn jumps_can_be_undone() {
        let mut view = Viewport::new((200, 100));
        let home = view.clone();
        view.jump((50.0, 50.0));
        assert_eq!(view.to_screen((50.0, 50.0)), Some((100, 50)));
        assert!(view.back());
        assert_eq!(view, home);
        assert!(!view.back());
    }

    #[test]
    fn zoom_has_limits() {
        let mut view = Viewport::new((10, 10));
        assert_eq!(view.zoom_by(100.0), 8.0);
        assert_eq!(view.zoom_by(0.001), 0.25);
    }
}
