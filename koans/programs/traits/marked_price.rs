use std::ops::Deref;

/// A price with a note; reads like the plain number of cents.
#[derive(Debug, Clone)]
pub struct Marked {
    cents: u32,
    pub note: String,
}

impl Deref for Marked {
    type Target = u32;

    fn deref(&self) -> &u32 {
        &self.cents
    }
}

impl From<(u32, &str)> for Marked {
    fn from((cents, note): (u32, &str)) -> Self {
        let note = note.to_string();
        Marked { cents, note }
    }
}

pub fn dearest(list: &[Marked]) -> Option<String> {
    let top = list.iter().max_by_key(|m| ***m)?;
    Some(format!("{} ({})", **top, top.note))
}

fn main() {
    let list = [Marked::from((250, "large")), (120, "small").into()];
    println!("{:?}", dearest(&list));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_like_a_number() {
        let m: Marked = (300, "sale").into();
        assert_eq!(*m, 300);
        assert_eq!(m.checked_sub(400), None);
        assert_eq!(m.pow(2), 90_000);
    }

    #[test]
    fn finds_the_dearest() {
        let list = vec![(5, "a").into(), (9, "b").into(), (7, "c").into()];
        assert_eq!(dearest(&list).as_deref(), Some("9 (b)"));
        assert!(dearest(&[]).is_none());
    }
}
