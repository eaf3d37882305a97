"""A crate of somebody's with a dozen functions and their tests: what days and nights practise on.

Run as a module with a path, it puts the crate there, in the folder `depot`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.daemon.desk import plant

SECRET = "kd83hfX2mQz7Lw0pVt5Rb9Ys"
MANIFEST = '[package]\nname = "depot"\nversion = "0.1.0"\nedition = "2021"\n'
LIB = """\
//! A depot: what lies on its shelves, and what is due.

mod price;

pub use price::{cheapest, in_words, Price};

use std::collections::HashMap;

#[derive(Debug, Clone, Default)]
pub struct Depot {
    shelves: HashMap<String, Vec<u32>>,
}

impl Depot {
    pub fn put(&mut self, name: &str, weight: u32) {
        let shelf = self.shelves.entry(name.to_string()).or_default();
        shelf.push(weight);
    }

    pub fn take(&mut self, name: &str) -> Option<u32> {
        let shelf = self.shelves.get_mut(name)?;
        let weight = shelf.pop();
        if shelf.is_empty() {
            self.shelves.remove(name);
        }
        weight
    }

    pub fn weight(&self) -> u32 {
        let mut sum = 0;
        for shelf in self.shelves.values() {
            sum += shelf.iter().sum::<u32>();
        }
        sum
    }

    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.shelves.keys().cloned().collect();
        names.sort();
        names
    }

    pub fn heaviest(&self) -> Option<(String, u32)> {
        let mut best: Option<(String, u32)> = None;
        for name in self.names() {
            let weight = self.shelves[&name].iter().copied().max().unwrap_or(0);
            if best.as_ref().map_or(true, |(_, most)| weight > *most) {
                best = Some((name.clone(), weight));
            }
        }
        best
    }
}

pub fn parse(line: &str) -> Result<(String, u32), String> {
    let (name, weight) = line.split_once('=').ok_or_else(|| format!("no `=` in {line}"))?;
    let weight: u32 = weight.trim().parse().map_err(|_| format!("no weight: {weight}"))?;
    Ok((name.trim().to_string(), weight))
}

pub fn fill(text: &str) -> Result<Depot, String> {
    let mut depot = Depot::default();
    for line in text.lines().filter(|line| !line.is_empty()) {
        let (name, weight) = parse(line)?;
        depot.put(&name, weight);
    }
    Ok(depot)
}

pub fn how_many(depot: &Depot) -> usize {
    let names = depot.names();
    names.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fills_and_takes() {
        let mut depot = fill("nails = 3\\nboards = 40\\n\\nnails=4\\n").unwrap();
        assert_eq!(depot.weight(), 47);
        assert_eq!(depot.names(), ["boards", "nails"]);
        assert_eq!(depot.heaviest(), Some(("boards".to_string(), 40)));
        assert_eq!(depot.take("nails"), Some(4));
        assert_eq!(depot.take("nails"), Some(3));
        assert_eq!(depot.take("nails"), None);
        assert_eq!(depot.names(), ["boards"]);
        assert!(fill("nails").is_err() && parse("a = b").is_err());
        assert_eq!(parse(" a = 7 "), Ok(("a".to_string(), 7)));
    }
}
"""
PRICE = (
    """\
//! What things cost.

const TOKEN: &str = \""""
    + SECRET
    + """\";

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Price {
    pub cents: u64,
}

impl Price {
    pub fn new(cents: u64) -> Price {
        Price { cents }
    }

    pub fn plus(self, other: Price) -> Price {
        Price::new(self.cents + other.cents)
    }

    pub fn share(self, parts: u64) -> Option<Price> {
        if parts == 0 {
            return None;
        }
        let cents = self.cents / parts;
        Some(Price::new(cents))
    }
}

pub fn cheapest<'a>(offers: &'a [(String, Price)]) -> Option<&'a str> {
    let found = offers.iter().min_by_key(|(_, price)| *price)?;
    Some(found.0.as_str())
}

pub fn in_words(price: Price) -> String {
    let whole = price.cents / 100;
    let rest = price.cents % 100;
    match (whole, rest) {
        (0, cents) => format!("{cents} cents"),
        (whole, 0) => format!("{whole} exactly"),
        (whole, cents) => format!("{whole}.{cents:02}"),
    }
}

pub(crate) fn is_known(word: &str) -> bool {
    let known = TOKEN.len();
    word.len() == known
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reckons() {
        let total = Price::new(150).plus(Price::new(250));
        assert_eq!(total, Price::new(400));
        assert_eq!(total.share(4), Some(Price::new(100)));
        assert_eq!(total.share(0), None);
        assert!(is_known(TOKEN) && !is_known(""));
    }

    #[test]
    fn says() {
        assert_eq!(in_words(Price::new(7)), "7 cents");
        assert_eq!(in_words(Price::new(300)), "3 exactly");
        assert_eq!(in_words(Price::new(305)), "3.05");
        let offers = [("a".to_string(), Price::new(3)), ("b".to_string(), Price::new(2))];
        assert_eq!(cheapest(&offers), Some("b"));
        assert_eq!(cheapest(&[]), None);
    }
}
"""
)
UNTESTED = "how_many"  # the one that no test comes to


def depot(folder: Path) -> Path:
    """The crate, planted in a folder."""
    return plant(folder / "depot", {"Cargo.toml": MANIFEST, "src/lib.rs": LIB, "src/price.rs": PRICE})


if __name__ == "__main__":
    depot(Path(sys.argv[1]))
