"""A struct keeps what was only lent to it: its fields own it, and everything that builds, names or reads them follows."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.daemon.fix.recipes.cooked import Change, Cooked, changed, cook
from tests.sandbox.workspace.planting import plant, single

from sleepy.daemon.fix.mend import mend
from sleepy.daemon.fix.rungs import CompilerRung, RecipeRung
from sleepy.daemon.fix.target import CrateTarget
from sleepy.sandbox.sandbox import Sandbox
from sleepy.sandbox.workspace import Workspace

_CARD = """#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Card<'a> {
    pub title: &'a str,
    pub rank: u8,
}

impl<'a> Card<'a> {
    pub fn new(title: &'a str, rank: u8) -> Self {
        Self { title, rank }
    }

    pub fn title(&self) -> &'a str {
        self.title
    }
}

pub fn shout<'a>(name: &str) -> Card<'a> {
    let loud = name.to_uppercase();
    Card::new(&loud, 1)
}

pub fn joker() -> Card<'static> {
    Card { title: "joker", rank: 0 }
}

pub fn longest<'a>(cards: &'a [Card<'a>]) -> Option<&'a str> {
    cards.iter().map(|card| card.title).max_by_key(|title| title.len())
}

pub fn is_before(one: &Card<'_>, word: &str) -> bool {
    one.title < word && one.title != "joker"
}

pub fn full(card: &Card<'_>) -> String {
    String::from("the ") + card.title
}
"""
_INDEX = """pub struct Entry {
    key: &str,
    hits: u32,
}

pub struct Index {
    entries: Vec<Entry>,
}

impl Index {
    pub fn add(&mut self, key: &str) {
        for entry in &mut self.entries {
            if entry.key == key {
                entry.hits += 1;
                return;
            }
        }
        self.entries.push(Entry { key, hits: 1 });
    }

    pub fn kind(&self, at: usize) -> u8 {
        match self.entries[at].key {
            "" => 0,
            _ => 1,
        }
    }
}
"""
_WINDOW = """pub struct Window<'a> {
    values: &'a [f64],
    label: &'a str,
}

pub fn sorted<'a>(values: &[f64], label: &'a str) -> Window<'a> {
    let mut own = values.to_vec();
    own.sort_by(f64::total_cmp);
    Window { values: &own, label }
}

pub fn none() -> Window<'static> {
    Window { values: &[0.0], label: "none" }
}

fn middle(values: &[f64]) -> f64 {
    values[values.len() / 2]
}

pub fn median(window: &Window) -> f64 {
    if window.values.is_empty() { 0.0 } else { middle(window.values) }
}
"""
_PAGE = """use std::fmt;

pub struct Line<'a> {
    left: &'a str,
    right: Option<&'a str>,
}

pub struct Page<'a> {
    lines: Vec<Line<'a>>,
}

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}|{}", self.left, self.right.unwrap_or("-"))
    }
}

pub fn page(numbers: &[u32]) -> Page<'static> {
    let mut lines = vec![Line { left: "first", right: None }];
    for number in numbers {
        let left = format!("<{number}>");
        let right = left.to_uppercase();
        let right = if *number > 3 { Some(right.as_str()) } else { None };
        lines.push(Line { left: left.as_str(), right });
        if left.len() > 9 {
            break;
        }
    }
    Page { lines }
}
"""
_NAMES = """pub struct Name<'a>(&'a str);

pub struct Names<'a> {
    all: Vec<&'a str>,
    main: Name<'a>,
}

pub fn named(text: &str) -> Names<'_> {
    let low = text.to_lowercase();
    let main = Name(&low[..1]);
    Names { all: low.split(' ').collect(), main }
}

pub fn length(names: &Names) -> usize {
    names.all.iter().map(|each| each.len()).sum::<usize>() + names.main.0.len()
}
"""
_SETTING = """use std::fs;

#[derive(Debug, Default)]
pub struct Setting<'a> {
    key: &'a str,
    value: &'a str,
}

impl<'a> Setting<'a> {
    pub fn with_value(mut self, value: &'a str) -> Self {
        self.value = value;
        self
    }
    pub fn is_on(&self) -> bool {
        matches!(self.value, "on" | "yes")
    }
    pub fn pair(&self) -> (&'a str, &'a str) {
        (self.key, self.value)
    }
}

pub fn read(path: &str) -> Vec<Setting<'_>> {
    let text = fs::read_to_string(path).unwrap_or_default();
    let mut all = Vec::new();
    for line in text.lines() {
        if let Some((key, value)) = line.split_once('=') {
            all.push(Setting { key: key.trim(), value: value.trim() });
        }
    }
    all
}
"""
_SHELF = """pub struct Report<'a> {
    heads: Vec<&'a str>,
}

pub struct Shelf<'a, T> {
    reports: Vec<Report<'a>>,
    pub extra: T,
}

impl<'a, T> Shelf<'a, T> {
    pub fn add(&mut self, names: &[String]) {
        let lower: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
        self.reports.push(Report { heads: lower.iter().map(String::as_str).collect() });
    }

    pub fn first(&self) -> &'a str {
        self.reports[0].heads[0]
    }
}
"""
_RIGHT: dict[str, tuple[str, list[Change]]] = {
    "a constructor's": (
        _CARD,
        [
            ("Clone, Copy, ", "Clone, "),
            ("Card<'a>", "Card"),
            ("Card<'_>", "Card"),
            ("Card<'static>", "Card"),
            ("impl<'a>", "impl"),
            ("shout<'a>", "shout"),
            ("title: &'a str,\n", "title: String,\n"),
            ("title: &'a str, rank", "title: &str, rank"),
            ("Self { title, rank }", "Self { title: title.to_string(), rank }"),
            ("(&self) -> &'a str {\n        self.title", "(&self) -> &str {\n        &self.title"),
            ('title: "joker"', 'title: "joker".to_string()'),
            ("card.title)", "card.title.as_str())"),
            ("one.title <", "one.title.as_str() <"),
            ("+ card.title", "+ &card.title"),
        ],
    ),
    "one without a lifetime": (
        _INDEX,
        [
            ("key: &str,", "key: String,"),
            ("Entry { key, ", "Entry { key: key.to_string(), "),
            ("[at].key {", "[at].key.as_str() {"),
        ],
    ),
    "a list": (
        _WINDOW,
        [
            ("values: &'a [f64]", "values: Vec<f64>"),
            ("values: &own", "values: own"),
            ("values: &[0.0]", "values: vec![0.0]"),
            ("middle(window.values)", "middle(&window.values)"),
        ],
    ),
    "of a struct that is held": (
        _PAGE,
        [
            ("left: &'a str", "left: String"),
            ("right: Option<&'a str>", "right: Option<String>"),
            ("Line<'a>", "Line"),
            ("Line<'_>", "Line"),
            ("Page<'a>", "Page"),
            ("Page<'static>", "Page"),
            ("self.right.unwrap_or", "self.right.as_deref().unwrap_or"),
            ('left: "first"', 'left: "first".to_string()'),
            ("left: left.as_str(), right }", "left: left.to_string(), right: right.map(str::to_string) }"),
        ],
    ),
    "names that come of a local": (
        _SETTING,
        [
            ("key: &'a str,", "key: String,"),
            ("    value: &'a str,\n", "    value: String,\n"),
            ("Setting<'a>", "Setting"),
            ("Setting<'_>", "Setting"),
            ("impl<'a>", "impl"),
            ("self, value: &'a str", "self, value: &str"),
            ("self.value = value;", "self.value = value.to_string();"),
            ("matches!(self.value,", "matches!(self.value.as_str(),"),
            ("(&'a str, &'a str)", "(&str, &str)"),
            ("(self.key, self.value)", "(self.key.as_str(), self.value.as_str())"),
            ("key.trim(), value: value.trim()", "key.trim().to_string(), value: value.trim().to_string()"),
        ],
    ),
    "a list of texts in a generic type's": (
        _SHELF,
        [
            ("heads: Vec<&'a str>", "heads: Vec<String>"),
            ("Report<'a>", "Report"),
            ("<'a, T>", "<T>"),
            ("-> &'a str", "-> &str"),
            ("(String::as_str)", "(String::as_str).map(str::to_string)"),
            ("        self.reports[0]", "        &self.reports[0]"),
        ],
    ),
}


@pytest.fixture(scope="module")
def made(sandbox: Sandbox) -> dict[str, Cooked]:
    return cook(sandbox, {**{name: broken for name, (broken, _) in _RIGHT.items()}, "two": _NAMES})


@pytest.mark.parametrize("name", list(_RIGHT))
def test_a_field_owns_what_it_keeps(made: dict[str, Cooked], name: str) -> None:
    broken, changes = _RIGHT[name]
    own, right = made[name], changed(broken, changes)
    assert right in own.texts
    assert own.first == right
    assert own.doubts(right) == ()


def test_two_structs_that_keep_one_local_are_repaired_at_once(made: dict[str, Cooked]) -> None:
    text = made["two"].first
    assert "Name(String)" in text and "Name(low[..1].to_string())" in text
    assert "all: Vec<String>" in text and ".map(str::to_string).collect()" in text
    assert "<'" not in text


_LIB = """mod plate;
mod shop;
pub mod sign;
"""
_PLATE = """pub struct Plate<'a> {
    pub street: &'a str,
    pub number: u8,
}

impl<'a> Plate<'a> {
    pub fn new(street: &'a str, number: u8) -> Self {
        Plate { street, number }
    }
}
"""
_SHOP = """use crate::plate::Plate;

pub fn order(street: &str) -> Vec<Plate<'static>> {
    let loud = street.to_uppercase();
    let mut all = vec![Plate { street: "Main", number: 1 }];
    for number in 2..4 {
        all.push(Plate::new(&loud, number));
    }
    all
}
"""
_SIGN = """use crate::plate::Plate;
use crate::shop;

fn width(text: &str) -> usize {
    text.len()
}

fn one(plate: &Plate<'_>) -> usize {
    width(plate.street) + usize::from(plate.number)
}

pub fn widths(street: &str) -> usize {
    shop::order(street).iter().map(one).sum()
}
"""


def test_a_struct_in_another_file_is_followed_into_all_files(sandbox: Sandbox, tmp_path: Path) -> None:
    folder = plant(single(tmp_path, _LIB), {"src/plate.rs": _PLATE, "src/shop.rs": _SHOP, "src/sign.rs": _SIGN})
    target = CrateTarget(Workspace.open(folder, sandbox.jail, tmp_path / "cache"))
    mended = mend(target, [CompilerRung(), RecipeRung()])
    assert mended.fixed, mended.why
    (met,) = mended.climbs
    assert met.problem.file == Path("src/shop.rs") and met.found is not None and met.found.rung == "recipes"
    assert dict(mended.edits) == {
        Path("src/plate.rs"): _PLATE.replace("<'a>", "")
        .replace("street: &'a str,\n", "street: String,\n")
        .replace("&'a str", "&str")
        .replace("{ street, number }", "{ street: street.to_string(), number }"),
        Path("src/shop.rs"): _SHOP.replace("<'static>", "").replace('"Main"', '"Main".to_string()'),
        Path("src/sign.rs"): _SIGN.replace("<'_>", "").replace("(plate.street)", "(&plate.street)"),
    }
