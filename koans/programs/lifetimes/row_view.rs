use std::collections::HashMap;

/// A sheet parsed from comma separated text; rows borrow from the text.
pub struct Sheet<'t> {
    header: Vec<&'t str>,
    rows: Vec<Vec<&'t str>>,
}

pub struct RowView<'s, 't> {
    header: &'s [&'t str],
    cells: &'s [&'t str],
}

impl<'t> Sheet<'t> {
    pub fn parse(text: &'t str) -> Option<Sheet<'t>> {
        let mut lines = text.lines();
        let header: Vec<&str> = lines.next()?.split(',').collect();
        let rows = lines.map(|line| line.split(',').collect()).collect();
        Some(Sheet { header, rows })
    }

    pub fn row(&self, index: usize) -> Option<RowView<'_, 't>> {
        let cells = self.rows.get(index)?;
        Some(RowView {
            header: &self.header,
            cells,
        })
    }
}

impl<'s, 't> RowView<'s, 't> {
    pub fn get(&self, column: &str) -> Option<&'t str> {
        let index = self.header.iter().position(|h| *h == column)?;
        self.cells.get(index).copied()
    }

    pub fn to_map(&self) -> HashMap<&'t str, &'t str> {
        self.header
            .iter()
            .copied()
            .zip(self.cells.iter().copied())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "id,city\n7,Oslo\n8";

    #[test]
    fn looks_up_cells() {
        let sheet = Sheet::parse(TEXT).unwrap();
        let row = sheet.row(0).unwrap();
        assert_eq!(row.get("city"), Some("Oslo"));
        assert_eq!(row.get("zip"), None);
        assert_eq!(sheet.row(1).unwrap().get("city"), None);
        assert!(sheet.row(2).is_none());
    }

    #[test]
    fn cells_outlive_the_sheet() {
        let text = TEXT.to_string();
        let map = {
            let sheet = Sheet::parse(&text).unwrap();
            sheet.row(0).unwrap().to_map()
        };
        assert_eq!(map["id"], "7");
        assert_eq!(map.len(), 2);
        assert!(Sheet::parse("").is_none());
    }
}
