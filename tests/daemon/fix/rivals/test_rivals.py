"""The programs that a repair which is a choice must be told apart from; none where it is no choice."""

from __future__ import annotations

import pytest

from sleepy.daemon.fix.rivals.names import distance, is_slip
from sleepy.daemon.fix.rivals.rivals import rivals
from sleepy.sandbox.verdict import Diagnostic, Replacement, Span, Suggestion

_BAKER = (
    "pub struct Oven {\n    pub trays: u32,\n    pub shelves: u32,\n    pub is_hot: bool,\n}\n\n"
    "impl Oven {\n    pub fn loaves(&self) -> u32 {\n        self.trays * 4\n    }\n\n"
    "    pub fn rolls(&self) -> u32 {\n        self.shelves * 9\n    }\n}\n\n"
)


def said_of(
    code: str | None, message: str = "", offers: tuple[tuple[str, str], ...] = (), source: str = ""
) -> Diagnostic:
    """An error whose suggestions put each a text where another stands first; an empty one is the file's begin."""
    made = []
    for under, text in offers:
        head = source[: source.index(under)]
        line, column = head.count("\n") + 1, len(head.rpartition("\n")[2]) + 1
        made.append(Suggestion("", "MaybeIncorrect", (Replacement(line, column, line, column + len(under), text),)))
    return Diagnostic(code, "error", message, (Span(1, 1, 1, 2, True),), tuple(made))


def test_another_import_of_the_name_is_a_rival_and_another_kind_of_offer_is_none() -> None:
    old = "fn bake() -> u8 {\n    knead(1)\n}\n"
    new = "use crate::dough::knead;\n\n" + old
    offers = (("", "use crate::dough::knead;\n\n"), ("", "use crate::clay::knead;\n\n"), ("knead", "mead"))
    (rival,) = rivals(said_of("E0425", "", offers, old), old, new)
    assert rival.text == new.replace("dough", "clay") and "use crate::clay::knead;" in rival.said
    assert rivals(said_of("E0425", "", offers[:1], old), old, new) == []
    assert rivals(said_of("E0425", "", (("knead(1)", "&knead(1)"),), old), old, old.replace("1)", "&1)")) == []


def test_another_range_is_a_rival() -> None:
    old = "fn f() {\n    for n in 0...9 {}\n}\n"
    offers = (("...", ".."), ("...", "..="))
    (rival,) = rivals(said_of(None, "", offers, old), old, old.replace("...", ".."))
    assert rival.text == old.replace("...", "..=")


@pytest.mark.parametrize(
    ("use", "was", "now", "code", "texts"),
    [
        ("o.{}() + 1", "lofs", "loaves", "E0599", ["o.rolls() + 1"]),  # no slip: another function of the type
        ("o.{}() + 1", "loavse", "loaves", "E0599", []),  # a slip, and no other is near
        ("o.{}", "tray", "trays", "E0609", []),
        ("o.{}", "sheets", "shelves", "E0609", ["o.is_hot", "o.trays"]),
    ],
)
def test_a_slip_has_those_as_near_for_rivals_and_a_name_otherwise_all_of_its_kind(
    use: str, was: str, now: str, code: str, texts: list[str]
) -> None:
    whole = _BAKER + f"pub fn f(o: &Oven) -> u32 {{\n    {use}\n}}\n"
    found = rivals(said_of(code, f"no such thing `{was}`"), whole.replace("{}", was), whole.replace("{}", now))
    assert {each.text for each in found if "from nothing" not in each.said} == {
        whole.replace(use, text) for text in texts
    }


def test_a_local_name_has_those_in_reach_for_rivals() -> None:
    old = "fn part(low: u8, lop: u8, la: u8) -> u8 {\n    let los = 2;\n    la - lox - los\n}\n"
    found = rivals(said_of("E0425", "cannot find value `lox`"), old, old.replace("lox", "low"))
    assert {each.text for each in found} == {old.replace("lox", "lop"), old.replace("lox", "los")}


def test_a_name_quite_otherwise_must_matter() -> None:
    old = _BAKER + "pub fn f(o: &Oven) -> u32 {\n    o.heat() + 1\n}\n"
    found = rivals(said_of("E0599", "no method named `heat`"), old, old.replace("heat", "loaves"))
    assert any("let mut other = o.loaves(); core::mem::take(&mut other)" in each.text for each in found)


@pytest.mark.parametrize(
    ("one", "other", "far", "slip"),
    [("lenght", "length", 1, True), ("max", "mix", 1, True), ("total", "pieces", 6, False), ("ab", "b_a", 3, False)],
)
def test_how_far_names_are_apart(one: str, other: str, far: int, slip: bool) -> None:
    assert distance(one, other) == distance(other, one) == far
    assert is_slip(one, other) is slip


def test_an_order_a_default_and_an_equality_that_are_derived_may_be_others() -> None:
    old = "pub struct Loaf {\n    pub name: String,\n    pub grams: u32,\n}\n"
    (order,) = rivals(said_of("E0277"), old, "#[derive(PartialEq, PartialOrd)]\n" + old)
    assert order.text.index("grams") < order.text.index("name")
    (default,) = rivals(said_of("E0277"), old, "#[derive(Debug, Default)]\n" + old)
    assert "#[derive(Debug)]" in default.text and "grams: 1" in default.text
    compares = said_of("E0369", "binary operation `==` cannot be applied to type `Loaf`")
    (equal,) = rivals(compares, old, "#[derive(PartialEq)]\n" + old)
    assert "self.name == other.name" in equal.text and "grams ==" not in equal.text
    assert rivals(compares, old, "#[derive(PartialEq)]\n" + old, in_tests=True) == []  # only a test compares
    for plain in (
        "pub struct Loaf(u32);\n",
        "pub struct Loaf {\n    names: Vec<String>,\n}\n",
        "pub enum Loaf {\n    A,\n}\n",
    ):
        assert rivals(compares, plain, "#[derive(PartialEq, Eq, PartialOrd, Ord, Default)]\n" + plain) == []
    assert rivals(said_of("E0277"), old, "#[derive(Clone, Debug, Hash)]\n" + old) == []


def test_an_argument_a_type_and_a_text_may_be_others() -> None:
    old = "fn f(hot: bool) -> u8 {\n    bake(1)\n}\n"
    new = old.replace("(1)", "(1, hot)")
    texts = [each.text for each in rivals(said_of("E0061"), old, new)]
    assert old.replace("(1)", "(1, true)") in texts and any("take(&mut other)" in text for text in texts)
    assert rivals(said_of("E0308"), old, new) == []
    old = "fn f() {\n    let far = 2.5;\n}\n"
    (rival,) = rivals(said_of("E0689"), old, old.replace("far", "far: f32"))
    assert rival.text == old.replace("far", "far: f64")
    collects = "fn f(t: &str) -> usize {\n    let all = t.chars().collect();\n    all.len()\n}\n"
    old = "use std::collections::BTreeSet;\n" + collects
    (rival,) = rivals(said_of("E0283"), old, old.replace("let all", "let all: Vec<char>"))
    assert "let all: std::collections::BTreeSet<char>" in rival.text
    old = 'fn grams(n: u32) -> String {\n    format!("{n} g")\n}\nfn f(n: u32) -> String {\n    n\n}\n'
    (rival,) = rivals(said_of("E0308"), old, old.replace("    n\n", "    n.to_string()\n"))
    assert rival.text == old.replace("    n\n", "    grams(n)\n")


def test_an_arm_for_what_was_not_covered_must_matter() -> None:
    old = "fn f(n: Bread) -> u8 {\n    match n {\n        Bread::Rye => 1,\n    }\n}\n"
    new = old.replace("=> 1,", "=> 1,\n        Bread::Oat => 2,")
    (rival,) = rivals(said_of("E0004"), old, new)
    assert "Bread::Oat => { let mut other = 2; core::mem::take(&mut other); other }" in rival.text
