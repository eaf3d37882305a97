"""A past repair made again at another place, and what the compiler says of it."""

from __future__ import annotations

import pytest

from sleepy.daemon.fix.transfer import BrokenSource, alike, rewritten, transferred
from sleepy.daemon.model.prompt import errors
from sleepy.koans.tokens import tokens
from sleepy.sandbox.sandbox import Sandbox

_METERS = (
    "pub struct Meters(f64);\nimpl Meters {\n    pub fn times(&self, by: f64) -> Meters {\n"
    "        Meters(self.0.max(0.0).mul_add(by, 0.0))\n    }\n}\n"
)


def _scene(sandbox: Sandbox, source: str) -> BrokenSource:
    return BrokenSource(source, errors(sandbox.check(source).diagnostics)[0])


def _carried(sandbox: Sandbox, past: str, fixed: str, now: str) -> list[str]:
    assert sandbox.check(fixed).passed
    return list(transferred(_scene(sandbox, past), fixed, _scene(sandbox, now)))


@pytest.mark.parametrize(
    ("past", "old", "new", "now", "wanted"),
    [
        pytest.param(
            _METERS + "pub fn lap(track: Meters) -> Meters {\n    track * 2.0\n}\n", "track * 2.0", "track.times(2.0)",
            _METERS + "pub fn high(a: u8, wall: Meters) -> (u8, Meters) {\n    let tall = wall * 3.5;\n    (a, tall)\n}\n",
            "let tall = wall.times(3.5);", id="a method in place of an operator",
        ),
        pytest.param(
            "pub fn a(names: Vec<String>) -> usize {\n    for name in names {\n        drop(name);\n    }\n"
            "    names.len()\n}\n", "in names {", "in names.clone() {",
            "pub struct Shelf {\n    pub books: Vec<u8>,\n}\npub fn b(shelf: Shelf) -> usize {\n    let mut n = 0;\n"
            "    for book in shelf.books {\n        n += book as usize;\n    }\n    n + shelf.books.len()\n}\n",
            "for book in shelf.books.clone() {", id="a clone where it is moved",
        ),
        pytest.param(
            "pub fn a() -> HashMap<u8, u8> {\n    HashMap::new()\n}\n", "pub fn a", "use std::collections::HashMap;\npub fn a",
            "//! Words.\n\nuse std::fmt;\n\npub fn c(f: &mut fmt::Formatter) -> fmt::Result {\n"
            "    let seen: HashMap<u8, u8> = HashMap::new();\n    write!(f, \"{}\", seen.len())\n}\n",
            "use std::collections::HashMap;\nuse std::fmt;", id="an import goes to the imports",
        ),
        pytest.param(
            "pub struct A {\n    n: u8,\n}\nimpl A {\n    pub fn first(&self) -> u8 {\n        self.n\n    }\n"
            "    pub fn up(&self) {\n        self.n += 1;\n    }\n}\n", "up(&self)", "up(&mut self)",
            "pub struct Bag {\n    kept: Vec<u8>,\n}\nimpl Bag {\n    pub fn add(&self, kept: u8) {\n"
            "        let kept = kept + 1;\n        self.kept[0] = kept;\n    }\n    pub fn size(&self) -> usize {\n"
            "        self.kept.len()\n    }\n}\n",
            "pub fn add(&mut self, kept: u8)", id="the header of the item around",
        ),
    ],
)  # fmt: skip
def test_a_repair_is_made_again_under_other_names(
    sandbox: Sandbox, past: str, old: str, new: str, now: str, wanted: str
) -> None:
    made = _carried(sandbox, past, past.replace(old, new), now)
    right = [text for text in made[:3] if sandbox.check(text).passed]
    assert right and wanted in right[0]


def test_an_edit_within_a_string_is_carried_over(sandbox: Sandbox) -> None:
    past = 'pub fn a(p: Vec<u8>) -> String {\n    format!("a {} b", p)\n}\n'
    now = 'pub fn b(q: Option<u8>) -> String {\n    format!("{} of them", q)\n}\n'
    made = _carried(sandbox, past, past.replace("{} b", "{:?} b"), now)
    assert 'format!("{:?} of them", q)' in made[0]


def test_a_repair_that_rewrites_is_not_carried_over(sandbox: Sandbox) -> None:
    past = "pub fn a() -> String {\n" + "".join(f"    let v{i} = {i};\n" for i in range(9)) + "    v0\n}\n"
    fixed = (
        "pub fn a() -> String {\n" + "".join(f"    let w{i} = {i} + 1;\n" for i in range(9)) + "    w0.to_string()\n}\n"
    )
    assert _carried(sandbox, past, fixed, "pub fn b(n: u8) -> String {\n    n\n}\n") == []


def test_what_stands_in_no_pair_is_taken_over_as_it_is() -> None:
    phrases = {("self", ".", "a"): "b", ("x",): "y . z"}
    assert rewritten("f(self.a,  x, self.ab)", phrases) == "f(b,  y . z, self.ab)"
    assert rewritten("", phrases) == ""


def test_lines_are_alike_whatever_their_names() -> None:
    line = tokens("let total = items.len() + 1;")
    assert alike(line, tokens("let count = books.len() + 9;")) > 0.8 > alike(line, tokens("fn f() -> String {"))
