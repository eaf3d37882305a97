use std::fmt::Display;

/// Extension methods for anything we show in a report column.
pub trait Column {
    fn padded(&self, width: usize) -> String;
    fn boxed(&self) -> String;
}

impl<T: Display + ?Sized> Column for T {
    fn padded(&self, width: usize) -> String {
        let text = self.to_string();
        if text.len() > width {
            let mut cut: String = text.chars().take(width.saturating_sub(1)).collect();
            cut.push('~');
            return cut;
        }
        format!("{text:>width$}")
    }

    fn boxed(&self) -> String {
        format!("[{}]", self)
    }
}

pub fn table_row<T>(cells: &[T], width: usize) -> String
where
    T: Column,
{
    let parts: Vec<String> = cells.iter().map(|c| c.padded(width)).collect();
    parts.join("|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pads_and_cuts() {
        assert_eq!(42.padded(5), "   42");
        assert_eq!("warehouse".padded(4), "war~");
        assert_eq!('q'.boxed(), "[q]");
    }

    #[test]
    fn rows() {
        assert_eq!(table_row(&[1.5, 20.25], 5), "  1.5|20.25");
        assert_eq!(table_row::<String>(&[], 3), "");
    }
}
