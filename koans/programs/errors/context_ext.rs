use std::fmt::Display;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble(Vec<String>);

impl Trouble {
    pub fn trace(&self) -> String {
        let mut parts = self.0.clone();
        parts.reverse();
        parts.join(": ")
    }
}

pub trait Context<T> {
    fn context<C: Display>(self, note: C) -> Result<T, Trouble>;
}

impl<T> Context<T> for Option<T> {
    fn context<C: Display>(self, note: C) -> Result<T, Trouble> {
        self.ok_or_else(|| Trouble(vec![note.to_string()]))
    }
}

impl<T> Context<T> for Result<T, Trouble> {
    fn context<C: Display>(self, note: C) -> Result<T, Trouble> {
        self.map_err(|mut trouble| {
            trouble.0.push(note.to_string());
            trouble
        })
    }
}

fn digit(text: &str, at: usize) -> Result<u32, Trouble> {
    let c = text.chars().nth(at).context("text too short")?;
    c.to_digit(10).context(format!("{c:?} is no digit"))
}

/// Two digits of a shelf code like `B07`.
pub fn shelf(code: &str) -> Result<u32, Trouble> {
    let tens = digit(code, 1).context("tens")?;
    let ones = digit(code, 2).context("ones")?;
    Ok(tens * 10 + ones)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shelves() {
        assert_eq!(shelf("B07"), Ok(7));
        assert_eq!(shelf("A42"), Ok(42));
    }

    #[test]
    fn traces() {
        assert_eq!(shelf("B0").unwrap_err().trace(), "ones: text too short");
        let deeper: Result<u32, Trouble> = shelf("Bx1").context("order 9");
        assert_eq!(
            deeper.unwrap_err().trace(),
            "order 9: tens: 'x' is no digit"
        );
    }
}
