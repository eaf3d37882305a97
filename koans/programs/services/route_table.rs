use std::collections::HashMap;

pub type Params = HashMap<String, String>;

#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    Fixed(String),
    Param(String),
}

#[derive(Debug)]
pub struct Routes<H> {
    routes: Vec<(Vec<Segment>, H)>,
}

impl<H> Default for Routes<H> {
    fn default() -> Self {
        Routes { routes: Vec::new() }
    }
}

fn split(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|s| !s.is_empty())
}

impl<H: Copy> Routes<H> {
    /// Adds a pattern such as `/shops/:id/items`.
    pub fn add(mut self, pattern: &str, handler: H) -> Self {
        let segments = split(pattern)
            .map(|s| match s.strip_prefix(':') {
                Some(name) => Segment::Param(name.to_string()),
                None => Segment::Fixed(s.to_string()),
            })
            .collect();
        self.routes.push((segments, handler));
        self
    }

    pub fn find(&self, path: &str) -> Option<(H, Params)> {
        let parts: Vec<&str> = split(path).collect();
        self.routes
            .iter()
            .find_map(|(segments, h)| Some((*h, matched(segments, &parts)?)))
    }
}

fn matched(segments: &[Segment], parts: &[&str]) -> Option<Params> {
    if segments.len() != parts.len() {
        return None;
    }
    let mut params = Params::new();
    for (segment, part) in segments.iter().zip(parts) {
        match segment {
            Segment::Fixed(word) if word == part => {}
            Segment::Fixed(_) => return None,
            Segment::Param(name) => {
                params.insert(name.clone(), part.to_string());
            }
        }
    }
    Some(params)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn routes() -> Routes<&'static str> {
        Routes::default()
            .add("/shops", "list")
            .add("/shops/new", "form")
            .add("/shops/:id/items/:item", "item")
            .add("/shops/:id", "show")
    }

    #[test]
    fn first_match_wins() {
        let r = routes();
        assert_eq!(r.find("/shops/new/").unwrap().0, "form");
        let (name, params) = r.find("/shops/17").unwrap();
        assert_eq!((name, params["id"].as_str()), ("show", "17"));
        assert!(r.find("/shops").unwrap().1.is_empty());
    }

    #[test]
    fn several_params() {
        let r = routes();
        let (name, params) = r.find("shops/3/items/hat").unwrap();
        assert_eq!(name, "item");
        assert_eq!(
            (params["id"].as_str(), params["item"].as_str()),
            ("3", "hat")
        );
        assert!(r.find("/stores").is_none());
        assert!(r.find("/shops/3/items").is_none());
    }
}
