"""A foreign trait for a foreign type: a newtype has it, and what is shown is wrapped where its type is written down."""

from __future__ import annotations

import pytest
from tests.daemon.fix.recipes.cooked import Change, Cooked, changed, cook

from sleepy.daemon.fix.recipes.wrapped import wrapped
from sleepy.sandbox.sandbox import Sandbox
from sleepy.sandbox.verdict import Diagnostic, Span

_ROWS = """use std::fmt;

/// Rows with commas between them.
impl<T: fmt::Display> fmt::Display for Vec<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, each) in self.iter().enumerate() {
            write!(f, "{}{each}{}", if i > 0 { ", " } else { "" }, if i + 1 == self.len() { "." } else { "" })?;
        }
        Ok(())
    }
}

pub struct Sheet {
    name: String,
    rows: Vec<u32>,
}

impl Sheet {
    pub fn told(&self) -> String {
        format!("{{{}}}: {1} and {0}", self.name, self.rows)
    }
}

pub fn shown(rows: Vec<u32>) -> String {
    format!("{rows} ({:?}, {})", rows, rows.len())
}

pub fn alike(rows: &Vec<u32>, more: &[u32]) -> bool {
    let all: Vec<u32> = more.to_vec();
    println!("of {:>4}", &all);
    rows.to_string() == all.to_string() && more.len().to_string() == "2"
}
"""
_PAIR = """use std::fmt::{Display, Formatter, Result};

impl Display for (u8, u8) {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{}x{}", self.0, self.1)
    }
}

struct Wrapper;

pub fn sizes(one: (u8, u8), other: u8) -> String {
    let _ = Wrapper;
    format!("{one}, {other}")
}
"""
_RIGHT: dict[str, tuple[str, list[Change]]] = {
    "rows": (
        _ROWS,
        [
            ("/// Rows", "struct Wrapper<'a, T>(&'a Vec<T>);\n\n/// Rows"),
            ("for Vec<T> {", "for Wrapper<'_, T> {"),
            ("in self.iter()", "in self.0.iter()"),
            ("self.len() {", "self.0.len() {"),
            ("self.name, self.rows)", "self.name, Wrapper(&self.rows))"),
            ("rows.len())", "rows.len(), rows = Wrapper(&rows))"),
            ('4}", &all)', '4}", Wrapper(&all))'),
            ("rows.to_string() == all.to_string()", "Wrapper(rows).to_string() == Wrapper(&all).to_string()"),
        ],
    ),
    "pair": (
        _PAIR,
        [
            ("impl Display for (u8, u8)", "struct Wrapped<'a>(&'a (u8, u8));\n\nimpl Display for Wrapped<'_>"),
            ("self.0, self.1", "self.0.0, self.0.1"),
            ('{other}")', '{other}", one = Wrapped(&one))'),
        ],
    ),
}
_LEFT = {
    "another trait": "impl std::ops::Add for (i32, i32) {\n    type Output = Self;\n"
    "    fn add(self, other: Self) -> Self {\n        (self.0 + other.0, self.1 + other.1)\n    }\n}\n",
    "a use whose type is not written down": "impl std::fmt::Display for Vec<u8> {\n"
    "    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {\n"
    '        write!(f, "{}", self.len())\n    }\n}\n\npub fn shown() -> String {\n    let all = vec![1_u8];\n'
    '    format!("{all}")\n}\n',
}


@pytest.fixture(scope="module")
def made(sandbox: Sandbox) -> dict[str, Cooked]:
    return cook(sandbox, {**{name: broken for name, (broken, _) in _RIGHT.items()}, **_LEFT})


@pytest.mark.parametrize("name", list(_RIGHT))
def test_a_newtype_has_the_trait(made: dict[str, Cooked], name: str) -> None:
    broken, changes = _RIGHT[name]
    own = made[name]
    assert own.first == changed(broken, changes)
    assert own.doubts(own.first) == ()


@pytest.mark.parametrize("name", list(_LEFT))
def test_what_is_not_certain_is_left(made: dict[str, Cooked], name: str) -> None:
    assert "E0117" in made[name].codes
    assert not any(made[name].compiles)


def _of(trait: str, kind: str, before: str = "") -> list[str]:
    """What is proposed for the impl of a trait for a type."""
    head = f"impl fmt::{trait} for {kind} {{"
    text = f"use std::fmt;\n{before}{head}\n    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {{\n"
    text += "        Ok(())\n    }\n}\n"
    line = text[: text.index(head)].count("\n") + 1
    return list(wrapped(text, Diagnostic("E0117", "error", "", (Span(line, line, 1, len(head), True),))))


@pytest.mark.parametrize(
    ("trait", "kind", "before", "count"),
    [
        ("Debug", "Vec<Coin>", "", 0),
        ("Debug", "[Coin]", "", 0),
        ("Debug", "(u8, u8)", "", 0),
        ("Debug", "&'a Vec<Coin>", "", 0),
        ("Debug", "HashMap<u8, Coin>", "use std::collections::{BTreeMap, HashMap};\n", 0),
        ("Debug", "std::rc::Rc<Coin>", "", 0),
        ("Debug", "Purse", "use purses::Purse;\n", 1),
        ("Debug", "purses::Purse<Coin>", "", 1),
        ("LowerHex", "u32", "", 0),
        ("UpperHex", "&i64", "", 0),
        ("LowerHex", "Vec<u8>", "", 1),
        ("LowerHex", "f64", "", 1),
        ("LowerExp", "f64", "", 0),
        ("Display", "String", "", 0),
        ("Display", "Option<u8>", "", 1),
    ],
)
def test_nothing_is_wrapped_where_the_standard_library_has_the_trait(
    trait: str, kind: str, before: str, count: int
) -> None:
    assert len(_of(trait, kind, before)) == count
