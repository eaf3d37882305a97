use std::fmt::Display;

/// Anything printable can get a badge line.
pub trait Badge: Display {
    fn stars(&self) -> usize;

    fn badge(&self) -> String {
        format!("{} {}", self, "*".repeat(self.stars()))
    }
}

impl Badge for i32 {
    fn stars(&self) -> usize {
        (*self / 10).clamp(0, 5) as usize
    }
}

impl Badge for str {
    fn stars(&self) -> usize {
        self.split('-').count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        assert_eq!(37.badge(), "37 ***");
        assert_eq!((-4).badge(), "-4 ");
        assert_eq!(900.badge(), "900 *****");
    }

    #[test]
    fn text() {
        assert_eq!("front-left".badge(), "front-left **");
    }
}
