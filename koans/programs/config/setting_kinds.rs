use std::fmt;

/// A setting knows its kind, so a new value is only taken when it fits.
#[derive(Debug, Clone, PartialEq)]
pub enum Setting {
    Switch(bool),
    Number {
        value: i32,
        max: i32,
    },
    Choice {
        index: usize,
        among: &'static [&'static str],
    },
}

impl Setting {
    pub fn assign(&mut self, text: &str) -> Result<(), String> {
        match self {
            Setting::Switch(on) => {
                *on = text.parse().map_err(|e| format!("{text}: {e}"))?;
            }
            Setting::Number { value, max } => {
                let new: i32 = text.parse().map_err(|_| format!("{text}: not a number"))?;
                if new > *max {
                    return Err(format!("{new}: more than {max}"));
                }
                *value = new;
            }
            Setting::Choice { index, among } => {
                let found = among.iter().position(|name| *name == text);
                *index = found.ok_or_else(|| format!("{text}: not in {}", among.join(", ")))?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Setting::Switch(on) => on.fmt(f),
            Setting::Number { value, .. } => value.fmt(f),
            Setting::Choice { index, among } => f.write_str(among[*index]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_fitting_values() {
        let mut settings = [
            Setting::Switch(false),
            Setting::Number { value: 1, max: 10 },
            Setting::Choice {
                index: 0,
                among: &["low", "high"],
            },
        ];
        for (setting, text) in settings.iter_mut().zip(["true", "10", "high"]) {
            setting.assign(text).unwrap();
            assert_eq!(setting.to_string(), text);
        }
    }

    #[test]
    fn keeps_the_old_value() {
        let mut number = Setting::Number { value: 1, max: 10 };
        let before = number.clone();
        assert_eq!(number.assign("11"), Err("11: more than 10".to_string()));
        assert_eq!(number.assign("x").unwrap_err(), "x: not a number");
        assert_eq!(number, before);
        let mut choice = Setting::Choice {
            index: 1,
            among: &["a", "b"],
        };
        assert_eq!(choice.assign("c").unwrap_err(), "c: not in a, b");
        assert!(Setting::Switch(true).assign("on").is_err());
    }
}
