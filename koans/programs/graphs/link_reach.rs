use std::collections::{HashMap, HashSet};

pub type Links<'a> = HashMap<&'a str, Vec<&'a str>>;

pub fn parse_links(text: &str) -> Links<'_> {
    let mut links = Links::new();
    for line in text.lines() {
        let Some((from, to)) = line.split_once("->") else {
            continue;
        };
        links.entry(from.trim()).or_default().push(to.trim());
    }
    links
}

/// Every page that can be reached from `start`, sorted, without `start`.
pub fn reachable<'a>(links: &Links<'a>, start: &'a str) -> Vec<&'a str> {
    let mut seen = HashSet::from([start]);
    let mut stack = vec![start];
    while let Some(page) = stack.pop() {
        for &next in links.get(page).into_iter().flatten() {
            if seen.insert(next) {
                stack.push(next);
            }
        }
    }
    seen.remove(start);
    let mut pages: Vec<_> = seen.into_iter().collect();
    pages.sort_unstable();
    pages
}

#[cfg(test)]
mod tests {
    use super::*;

    const SITE: &str = "home -> shop\nshop -> cart\ncart -> home\nnote\nshop -> faq\nadmin -> home";

    #[test]
    fn parses_lines() {
        let links = parse_links(SITE);
        assert_eq!(links["shop"], ["cart", "faq"]);
        assert_eq!(links.len(), 4);
    }

    #[test]
    fn loops_are_fine() {
        let links = parse_links(SITE);
        assert_eq!(reachable(&links, "home"), ["cart", "faq", "shop"]);
        assert_eq!(reachable(&links, "admin"), ["cart", "faq", "home", "shop"]);
        assert!(reachable(&links, "faq").is_empty());
    }
}
