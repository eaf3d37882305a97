use std::fmt;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Width {
    Fixed(u32),
    Share(u32),
}

#[derive(Debug, PartialEq, Eq)]
pub struct TooNarrow {
    pub missing: u32,
}

impl fmt::Display for TooNarrow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "row lacks {} pixels", self.missing)
    }
}

#[derive(Default)]
pub struct Row {
    gap: u32,
    cells: Vec<(String, Width)>,
}

impl Row {
    pub fn gap(mut self, gap: u32) -> Self {
        self.gap = gap;
        self
    }

    pub fn cell(mut self, name: impl Into<String>, width: Width) -> Self {
        self.cells.push((name.into(), width));
        self
    }

    /// Name, left edge and width of every cell.
    pub fn place(&self, total: u32) -> Result<Vec<(&str, u32, u32)>, TooNarrow> {
        let gaps = self.gap * (self.cells.len() as u32).saturating_sub(1);
        let (mut fixed, mut shares) = (gaps, 0);
        for (_, width) in &self.cells {
            match width {
                Width::Fixed(pixels) => fixed += pixels,
                Width::Share(parts) => shares += parts,
            }
        }
        let rest = total.checked_sub(fixed).ok_or(TooNarrow {
            missing: fixed.saturating_sub(total),
        })?;
        let mut left = 0;
        let mut placed = Vec::with_capacity(self.cells.len());
        for (name, width) in &self.cells {
            let pixels = match *width {
                Width::Fixed(pixels) => pixels,
                Width::Share(parts) => rest * parts / shares.max(1),
            };
            placed.push((name.as_str(), left, pixels));
            left += pixels + self.gap;
        }
        Ok(placed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> Row {
        Row::default()
            .gap(10)
            .cell("icon", Width::Fixed(30))
            .cell(String::from("title"), Width::Share(3))
            .cell("date", Width::Share(1))
    }

    #[test]
    fn shares_split_the_rest() {
        let row = row();
        let placed = row.place(450).unwrap();
        assert_eq!(
            placed,
            [("icon", 0, 30), ("title", 40, 300), ("date", 350, 100)]
        );
    }

    #[test]
    fn narrow_rows_fail() {
        let error = row().place(45).unwrap_err();
        assert_eq!(error, TooNarrow { missing: 5 });
        assert_eq!(error.to_string(), "row lacks 5 pixels");
        assert_eq!(row().place(50).unwrap()[1], ("title", 40, 0));
        assert_eq!(Row::default().place(9), Ok(vec![]));
    }
}
