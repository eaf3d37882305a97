/// Parcel codes look like `PX-0420-7`: the last digit is the weighted sum of the others mod 9.
pub fn check_digit(number: &str) -> Option<u32> {
    let mut sum = 0;
    for (i, c) in number.chars().enumerate() {
        sum += c.to_digit(10)? * (i as u32 + 2);
    }
    Some(sum % 9)
}

pub fn is_valid(code: &str) -> bool {
    let mut parts = code.split('-');
    let (Some("PX"), Some(number), Some(check), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    number.len() == 4 && check_digit(number).map(|d| d.to_string()).as_deref() == Some(check)
}

fn main() {
    for code in ["PX-0420-2", "PX-0420-3"] {
        println!("{code} {}", if is_valid(code) { "ok" } else { "wrong" });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weighs_digits() {
        assert_eq!(check_digit("0420"), Some(2));
        assert_eq!(check_digit("1111"), Some(5));
        assert_eq!(check_digit("12a4"), None);
    }

    #[test]
    fn validates() {
        assert!(is_valid("PX-0420-2"));
        assert!(!is_valid("PX-0420-3"));
        assert!(!is_valid("PY-0420-2"));
        assert!(!is_valid("PX-420-2"));
        assert!(!is_valid("PX-0420-2-1"));
    }
}
