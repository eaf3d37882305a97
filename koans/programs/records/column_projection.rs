/// A table kept as text cells, with a header.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    pub header: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

impl Table {
    pub fn from_text(text: &str) -> Table {
        let mut lines = text.lines().map(|line| {
            line.split('|')
                .map(|cell| cell.trim().to_string())
                .collect()
        });
        Table {
            header: lines.next().unwrap_or_default(),
            rows: lines.collect(),
        }
    }

    pub fn project(&self, columns: &[&str]) -> Result<Table, String> {
        let mut places = Vec::with_capacity(columns.len());
        for column in columns {
            let place = self.header.iter().position(|h| h == column);
            places.push(place.ok_or(format!("no column {column}"))?);
        }
        let pick = |cells: &Vec<String>| -> Vec<String> {
            places
                .iter()
                .map(|&p| cells.get(p).cloned().unwrap_or_default())
                .collect()
        };
        Ok(Table {
            header: pick(&self.header),
            rows: self.rows.iter().map(pick).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn picks_and_reorders() {
        let table = Table::from_text("id | name | city\n1 | Ann | Rome\n2 | Bo");
        let small = table.project(&["city", "id"]).unwrap();
        assert_eq!(small.header, ["city", "id"]);
        assert_eq!(small.rows, vec![vec!["Rome", "1"], vec!["", "2"]]);
        assert_eq!(table.header.len(), 3);
    }

    #[test]
    fn unknown_column() {
        let table = Table::from_text("id|name");
        assert_eq!(
            table.project(&["id", "age"]),
            Err("no column age".to_string())
        );
        assert_eq!(Table::from_text(""), Table::default());
    }
}
