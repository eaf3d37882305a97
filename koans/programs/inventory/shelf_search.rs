#[derive(Debug, PartialEq)]
pub struct Article {
    pub sku: String,
    pub name: String,
    pub tags: Vec<String>,
    pub stock: u16,
}

/// A search over borrowed articles that is narrowed step by step.
#[derive(Clone)]
pub struct Search<'a> {
    hits: Vec<&'a Article>,
}

impl<'a> Search<'a> {
    pub fn over(articles: &'a [Article]) -> Self {
        Search {
            hits: articles.iter().collect(),
        }
    }

    pub fn tagged(mut self, tag: &str) -> Self {
        self.hits.retain(|a| a.tags.iter().any(|t| t == tag));
        self
    }

    pub fn named(mut self, part: &str) -> Self {
        let part = part.to_lowercase();
        self.hits.retain(|a| a.name.to_lowercase().contains(&part));
        self
    }

    pub fn at_least(mut self, stock: u16) -> Self {
        self.hits.retain(|a| a.stock >= stock);
        self
    }

    pub fn skus(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.hits.iter().map(|a| a.sku.as_str())
    }

    pub fn fullest(&self) -> Option<&'a Article> {
        self.hits.iter().copied().max_by_key(|a| a.stock)
    }
}

fn main() {
    let articles = vec![Article {
        sku: "G-1".to_string(),
        name: "Garden hose".to_string(),
        tags: vec!["garden".to_string()],
        stock: 4,
    }];
    let found: Vec<_> = Search::over(&articles).named("hose").skus().collect();
    println!("{found:?}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn articles() -> Vec<Article> {
        [
            ("p1", "Blue Paint", "paint", 8),
            ("p2", "Red paint", "paint", 3),
            ("b1", "Paint brush", "tool", 12),
        ]
        .map(|(sku, name, tag, stock)| Article {
            sku: sku.to_string(),
            name: name.to_string(),
            tags: vec!["shop".to_string(), tag.to_string()],
            stock,
        })
        .into()
    }

    #[test]
    fn narrows() {
        let articles = articles();
        let paint = Search::over(&articles).tagged("paint");
        let full = paint.clone().at_least(5);
        assert_eq!(paint.skus().collect::<Vec<_>>(), ["p1", "p2"]);
        assert_eq!(full.skus().collect::<Vec<_>>(), ["p1"]);
        assert_eq!(Search::over(&articles).named("PAINT").skus().count(), 3);
        assert_eq!(Search::over(&articles).at_least(8).skus().count(), 2);
    }

    #[test]
    fn fullest_outlives_the_search() {
        let articles = articles();
        let best = Search::over(&articles).fullest().unwrap();
        assert_eq!(best.sku, "b1");
        assert_eq!(Search::over(&articles).tagged("none").fullest(), None);
    }
}
