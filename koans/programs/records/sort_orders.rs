use std::cmp::Ordering;

#[derive(Debug, Clone, PartialEq)]
pub struct Song {
    pub title: String,
    pub year: u16,
    pub rating: f32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    Title,
    Year,
    Rating,
}

#[derive(Debug, Clone, Copy)]
pub struct Order {
    pub column: Column,
    pub descending: bool,
}

impl Order {
    /// Reads "year" as ascending and "-year" as descending.
    pub fn parse(text: &str) -> Option<Order> {
        let (name, descending) = match text.strip_prefix('-') {
            Some(rest) => (rest, true),
            None => (text, false),
        };
        let column = match name {
            "title" => Column::Title,
            "year" => Column::Year,
            "rating" => Column::Rating,
            _ => return None,
        };
        Some(Order { column, descending })
    }

    fn compare(&self, a: &Song, b: &Song) -> Ordering {
        let ordering = match self.column {
            Column::Title => a.title.to_lowercase().cmp(&b.title.to_lowercase()),
            Column::Year => a.year.cmp(&b.year),
            Column::Rating => a.rating.total_cmp(&b.rating),
        };
        if self.descending {
            ordering.reverse()
        } else {
            ordering
        }
    }
}

pub fn sort_songs(songs: &mut [Song], spec: &str) -> Result<(), String> {
    let orders: Vec<Order> = spec
        .split(',')
        .map(|part| Order::parse(part.trim()).ok_or_else(|| part.trim().to_string()))
        .collect::<Result<_, _>>()?;
    songs.sort_by(|a, b| {
        let mut steps = orders.iter().map(|order| order.compare(a, b));
        steps.find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn songs() -> Vec<Song> {
        [
            ("beta", 1999, 3.5),
            ("Alpha", 2004, 4.0),
            ("gamma", 1999, 4.0),
        ]
        .map(|(title, year, rating)| Song {
            title: title.to_string(),
            year,
            rating,
        })
        .to_vec()
    }

    fn titles(spec: &str) -> Vec<String> {
        let mut list = songs();
        sort_songs(&mut list, spec).unwrap();
        list.into_iter().map(|s| s.title).collect()
    }

    #[test]
    fn several_columns() {
        assert_eq!(titles("title"), ["Alpha", "beta", "gamma"]);
        assert_eq!(titles("year, -rating"), ["gamma", "beta", "Alpha"]);
        assert_eq!(titles("-rating,-title"), ["gamma", "Alpha", "beta"]);
    }

    #[test]
    fn unknown_columns_leave_the_list() {
        let mut list = songs();
        assert_eq!(sort_songs(&mut list, "year,size"), Err("size".to_string()));
        assert_eq!(list, songs());
        assert_eq!(
            Order::parse("-year").map(|o| (o.column, o.descending)),
            Some((Column::Year, true))
        );
    }
}
