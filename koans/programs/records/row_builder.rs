#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    Number(i32),
    Word(String),
    Empty,
}

impl From<i32> for Cell {
    fn from(n: i32) -> Self {
        Cell::Number(n)
    }
}

impl From<&str> for Cell {
    fn from(word: &str) -> Self {
        Cell::Word(word.to_owned())
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Cell::Empty, Into::into)
    }
}

#[derive(Debug, Default)]
pub struct RowBuilder {
    cells: Vec<Cell>,
}

impl RowBuilder {
    pub fn cell(&mut self, value: impl Into<Cell>) -> &mut Self {
        self.cells.push(value.into());
        self
    }

    /// Hands the row out and starts the next one empty.
    pub fn finish(&mut self) -> Vec<Cell> {
        std::mem::take(&mut self.cells)
    }
}

pub fn render(row: &[Cell]) -> String {
    let cells: Vec<String> = row
        .iter()
        .map(|cell| match cell {
            Cell::Number(n) => n.to_string(),
            Cell::Word(w) if w.contains(',') => format!("'{w}'"),
            Cell::Word(w) => w.clone(),
            Cell::Empty => String::new(),
        })
        .collect();
    cells.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mixes_types() {
        let mut builder = RowBuilder::default();
        builder
            .cell(4)
            .cell("tea")
            .cell(None::<i32>)
            .cell(Some("a,b"));
        let row = builder.finish();
        assert_eq!(render(&row), "4,tea,,'a,b'");
        assert_eq!(row[3], Cell::Word("a,b".to_string()));
    }

    #[test]
    fn starts_again_after_finish() {
        let mut builder = RowBuilder::default();
        builder.cell(1).finish();
        assert_eq!(builder.cell(Some(2)).finish(), vec![Cell::Number(2)]);
        assert_eq!(render(&builder.finish()), "");
    }
}
