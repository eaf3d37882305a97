use std::fmt;

#[derive(Debug, Clone, Copy)]
pub enum Align {
    Left,
    Right,
    Center,
}

#[derive(Debug, Clone)]
pub struct Column {
    title: String,
    align: Align,
}

impl Column {
    pub fn new(title: impl Into<String>, align: Align) -> Self {
        let title = title.into();
        Self { title, align }
    }
}

pub fn pad(text: &str, width: usize, align: Align) -> String {
    match align {
        Align::Left => format!("{text:<width$}"),
        Align::Right => format!("{text:>width$}"),
        Align::Center => format!("{text:^width$}"),
    }
}

#[derive(Debug)]
pub struct Grid {
    columns: Vec<Column>,
    rows: Vec<Vec<String>>,
}

impl Grid {
    pub fn with_columns(columns: &[Column]) -> Self {
        let columns = columns.to_vec();
        let rows = vec![];
        Grid { columns, rows }
    }

    pub fn push<S: ToString>(&mut self, cells: &[S]) -> &mut Self {
        self.rows.push(cells.iter().map(S::to_string).collect());
        self
    }

    fn width_of(&self, index: usize) -> usize {
        let cells = self.rows.iter().filter_map(|row| row.get(index));
        cells
            .map(String::len)
            .fold(0, usize::max)
            .max(self.columns[index].title.len())
    }
}

impl fmt::Display for Grid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let header: Vec<String> = self.columns.iter().map(|c| c.title.clone()).collect();
        for row in std::iter::once(&header).chain(&self.rows) {
            let padded = self.columns.iter().enumerate().map(|(i, column)| {
                let cell = row.get(i).map_or("", String::as_str);
                pad(cell, self.width_of(i), column.align)
            });
            writeln!(f, "{}", padded.collect::<Vec<_>>().join("|"))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pads_each_way() {
        assert_eq!(pad("ab", 5, Align::Left), "ab   ");
        assert_eq!(pad("ab", 5, Align::Right), "   ab");
        assert_eq!(pad("ab", 6, Align::Center), "  ab  ");
    }

    #[test]
    fn renders_rows() {
        let columns = vec![
            Column::new("n", Align::Right),
            Column::new("name", Align::Left),
        ];
        let mut grid = Grid::with_columns(&columns);
        grid.push(&["10", "ox"]).push(&["7", "heifer"]);
        assert_eq!(grid.to_string(), " n|name  \n10|ox    \n 7|heifer\n");
        assert_eq!(columns.len(), 2);
    }

    #[test]
    fn missing_cells_are_blank() {
        let mut grid = Grid::with_columns(&[
            Column::new("a", Align::Left),
            Column::new("b", Align::Center),
        ]);
        grid.push(&[3]);
        assert_eq!(format!("{grid}"), "a|b\n3| \n");
    }
}
