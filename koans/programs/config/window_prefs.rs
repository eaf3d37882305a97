#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Prefs {
    pub width: Option<u16>,
    pub height: Option<u16>,
    pub maximized: Option<bool>,
}

impl Prefs {
    pub const NONE: Prefs = Prefs {
        width: None,
        height: None,
        maximized: None,
    };

    /// What is set here, completed by `fallback`.
    pub fn or(self, fallback: Prefs) -> Prefs {
        Prefs {
            width: self.width.or(fallback.width),
            height: self.height.or(fallback.height),
            maximized: self.maximized.or(fallback.maximized),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_values_win() {
        let old = Prefs {
            width: Some(100),
            maximized: Some(true),
            ..Prefs::NONE
        };
        let new = Prefs {
            width: Some(200),
            height: Some(50),
            maximized: None,
        };
        let expected = Prefs {
            width: Some(200),
            height: Some(50),
            maximized: Some(true),
        };
        assert_eq!(new.or(old), expected);
        assert_eq!(old.or(new).width, Some(100));
    }

    #[test]
    fn nothing_changes_nothing() {
        let prefs = Prefs {
            maximized: Some(false),
            ..Prefs::default()
        };
        assert_eq!(Prefs::NONE.or(prefs), prefs);
        assert_eq!(prefs.or(Prefs::NONE), prefs);
    }
}
