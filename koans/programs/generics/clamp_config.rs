#[derive(Debug, Clone, PartialEq)]
pub struct Setting<T> {
    name: String,
    value: T,
    default: T,
}

impl<T> Setting<T>
where
    T: Clone + PartialEq,
{
    pub fn new(name: impl Into<String>, default: T) -> Self {
        Self {
            name: name.into(),
            value: default.clone(),
            default,
        }
    }

    pub fn is_default(&self) -> bool {
        self.value == self.default
    }

    pub fn reset(&mut self) -> T {
        std::mem::replace(&mut self.value, self.default.clone())
    }

    pub fn name(&self) -> &str {
        &self.name
    }
}

impl<T: PartialOrd + Copy> Setting<T> {
    pub fn set_clamped(&mut self, value: T, low: T, high: T) -> T {
        self.value = if value < low {
            low
        } else if value > high {
            high
        } else {
            value
        };
        self.value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clamps() {
        let mut volume = Setting::new("volume", 0.5f32);
        assert!(volume.is_default());
        assert_eq!(volume.set_clamped(3.0, 0.0, 1.0), 1.0);
        assert_eq!(volume.set_clamped(-1.0, 0.0, 1.0), 0.0);
        assert_eq!(volume.set_clamped(0.25, 0.0, 1.0), 0.25);
        assert_eq!(volume.reset(), 0.25);
        assert!(volume.is_default());
    }

    #[test]
    fn text_settings() {
        let mut theme = Setting::new(String::from("theme"), "dark".to_string());
        assert_eq!(theme.name(), "theme");
        assert_eq!(theme.reset(), "dark");
        assert_eq!(theme, Setting::new("theme", "dark".to_string()));
    }
}
