/// Hands out tickets `A1, A2 ... A9, B1 ...`.
pub fn ticket_machine(first: char) -> impl FnMut() -> String {
    let mut letter = first;
    let mut number = 0u8;
    move || {
        number += 1;
        if number > 9 {
            number = 1;
            letter = (letter as u8 + 1) as char;
        }
        format!("{letter}{number}")
    }
}

pub fn take_many(mut source: impl FnMut() -> String, count: usize) -> Vec<String> {
    (0..count).map(|_| source()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rolls_over() {
        let got = take_many(ticket_machine('C'), 11);
        assert_eq!(got[0], "C1");
        assert_eq!(got[8], "C9");
        assert_eq!(got[9..], ["D1", "D2"]);
    }

    #[test]
    fn machines_are_independent() {
        let mut a = ticket_machine('A');
        let mut b = ticket_machine('A');
        a();
        assert_eq!(a(), "A2");
        assert_eq!(b(), "A1");
        assert_eq!(take_many(&mut a, 1), vec!["A3"]);
        assert_eq!(a(), "A4");
    }
}
