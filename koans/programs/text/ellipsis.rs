#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Cut {
    #[default]
    End,
    Middle,
    Start,
}

pub fn shorten(label: &str, limit: usize, cut: Cut) -> String {
    let chars: Vec<char> = label.chars().collect();
    if chars.len() <= limit {
        return label.to_string();
    }
    let room = limit.saturating_sub(2);
    let (head, tail) = match cut {
        Cut::End => (room, 0),
        Cut::Start => (0, room),
        Cut::Middle => (room - room / 2, room / 2),
    };
    let mut short: String = chars[..head].iter().collect();
    short += "..";
    short.extend(&chars[chars.len() - tail..]);
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_labels_stay() {
        assert_eq!(shorten("abc", 3, Cut::default()), "abc");
    }

    #[test]
    fn cuts_in_three_places() {
        assert_eq!(shorten("abcdefghij", 7, Cut::End), "abcde..");
        assert_eq!(shorten("abcdefghij", 7, Cut::Start), "..fghij");
        assert_eq!(shorten("abcdefghij", 7, Cut::Middle), "abc..ij");
    }

    #[test]
    fn default_is_end() {
        assert_eq!(shorten("long label", 6, Cut::default()), "long..");
        assert_eq!(Cut::default(), Cut::End);
    }
}
