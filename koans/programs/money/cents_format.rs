/// Prints a signed amount of cents the way the receipts show it.
pub fn format_cents(amount: i64, symbol: &str) -> String {
    let sign = if amount < 0 { "-" } else { "" };
    let magnitude = amount.unsigned_abs();
    let whole = (magnitude / 100).to_string();
    let mut grouped = String::new();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{sign}{symbol}{grouped}.{:02}", magnitude % 100)
}

pub fn format_column(amounts: &[i64], symbol: &str) -> Vec<String> {
    let cells: Vec<String> = amounts.iter().map(|a| format_cents(*a, symbol)).collect();
    let width = cells.iter().map(|c| c.len()).max().unwrap_or(0);
    cells.into_iter().map(|c| format!("{c:>width$}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_thousands() {
        assert_eq!(format_cents(123_456_789, "$"), "$1,234,567.89");
        assert_eq!(format_cents(100_000, "$"), "$1,000.00");
        assert_eq!(format_cents(99_905, ""), "999.05");
    }

    #[test]
    fn negative_amounts_carry_the_sign_first() {
        assert_eq!(format_cents(-7, "E"), "-E0.07");
    }

    #[test]
    fn column_is_right_aligned() {
        assert_eq!(
            format_column(&[5, -12_000], "$"),
            vec!["   $0.05", "-$120.00"]
        );
        assert!(format_column(&[], "$").is_empty());
    }
}
