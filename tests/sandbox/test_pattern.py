"""Signatures: one name a mistake, whatever the program's own names are."""

from __future__ import annotations

import random

import pytest

from sleepy.koans import library
from sleepy.koans.forge.variation import variant
from sleepy.sandbox.pattern import KNOWN, enclosing_item, signature
from sleepy.sandbox.sandbox import Sandbox
from sleepy.sandbox.verdict import Diagnostic, Span

# two programs with the same mistake under other names and types of the user's -> its signature
_ALIKE = [
    (
        'pub fn f() { let s = String::new(); drop(s); println!("{s}"); }',
        'pub fn other() { let title = String::new(); drop(title); println!("{title}"); }',
        "E0382:borrow of moved value: `_`@fn",
    ),
    (
        "pub fn f() -> Result<u8, String> { 1 }",
        "pub fn g() -> Result<u8, String> { 2 }",
        "E0308:Result<-integer@fn",
    ),
    (
        'pub struct P;\npub fn f(p: P) -> String { format!("{p:?}") }',
        'pub struct Quarry;\npub fn g(stone: Quarry) -> String { format!("{stone:?}") }',
        "E0277:Debug@fn",
    ),
    (
        "pub struct A { x: u8 }\npub fn f(a: A) -> u8 { a.y }",
        "pub struct Account { total: u64 }\npub fn read(account: Account) -> u64 { account.sum_of_it }",
        "E0609:no field `_` on type `_`@fn",
    ),
    (
        "pub struct S {\n    a: &str,\n}",
        "pub struct Reader {\n    line: &str,\n}",
        "E0106:missing lifetime specifier@struct",
    ),
    (
        "pub fn f() -> u8 { let x: u32 = 1; x }",
        "pub fn g() -> i64 { let count: i32 = 1; count }",
        "E0308:int<-int@fn",
    ),
]


def _signed(sandbox: Sandbox, source: str) -> str:
    first = sandbox.check(source).diagnostics[0]
    return signature(first, source)


@pytest.mark.parametrize(("one", "other", "name"), _ALIKE)
def test_the_same_mistake_has_the_same_signature(sandbox: Sandbox, one: str, other: str, name: str) -> None:
    assert _signed(sandbox, one) == name
    assert _signed(sandbox, other) == name


def test_different_mistakes_have_different_signatures(sandbox: Sandbox) -> None:
    sources = [one for one, _, _ in _ALIKE] + [
        "pub fn f() -> Option<u8> { 1 }",
        "pub fn f() -> u8 { Some(1) }",
        "pub fn f(s: &String) -> String { s }",
        "pub fn f(s: String) -> &'static str { s }",
        'pub struct P;\npub fn f(p: P) -> String { format!("{p}") }',
        "pub fn f(a: &str, b: &str) -> &str { a }",
        "pub fn f() { let v: Vec<u8> = Vec::new(); v.push(1); }",
        "pub fn f() -> Vec<u8> { [1u8].iter().collect() }",
        "pub fn f(x: u8) { x.push(1); }",
        "pub fn f() { missing(); }",
        "pub fn f() { let x = 1 let y = 2; }",
    ]
    names = [_signed(sandbox, source) for source in sources]
    assert len(set(names)) == len(names), sorted(names)


def test_renaming_a_koan_leaves_its_signature(sandbox: Sandbox) -> None:
    koans = random.Random(4).sample([*library.classics(), *library.sealed_exam()], 40)
    pairs = [(koan, other) for koan in koans if (other := variant(koan, random.Random(koan.id))) is not None]
    assert len(pairs) >= 30
    before = sandbox.check_many([koan.broken for koan, _ in pairs])
    after = sandbox.check_many([other.broken for _, other in pairs])
    for (koan, other), one, two in zip(pairs, before, after, strict=True):
        assert signature(two.diagnostics[0], other.broken) == signature(one.diagnostics[0], koan.broken), koan.id


def test_no_name_of_the_users_is_in_a_signature(sandbox: Sandbox) -> None:
    koans = random.Random(5).sample(library.sealed_exam(), 40)
    for koan, verdict in zip(koans, sandbox.check_many([koan.broken for koan in koans]), strict=True):
        first = verdict.diagnostics[0]
        name = signature(first, koan.broken)
        for part in name.split("`")[1::2]:
            words = "".join(c if c.isalnum() or c == "_" else " " for c in part).split()
            assert all(word == "_" or word in KNOWN or word == "'_" for word in words), name


def test_an_error_without_a_code_says_so(sandbox: Sandbox) -> None:
    assert _signed(sandbox, "pub fn f() { let x = 1 let y = 2; }").startswith("uncoded:expected")


@pytest.mark.parametrize(
    ("line", "item"),
    [
        (1, "use"),
        (3, "struct"),
        (4, "struct"),
        (7, "impl"),
        (8, "fn"),
        (9, "fn"),
        (10, "fn"),
        (14, "const"),
        (16, "file"),
    ],
)
def test_the_item_is_the_innermost_around_the_error(line: int, item: str) -> None:
    source = (
        "use std::fmt;\n\npub struct Point {\n    x: u8,\n}\n\nimpl Point {\n    pub fn x(&self) -> u8 {\n"
        '        let brace = "{";\n        self.x // }\n    }\n}\n\nconst ONE: u8 = 1;\n\n// nothing\n'
    )
    error = Diagnostic("E0000", "error", "x", (Span(line, line, 1, 2, True),))
    assert enclosing_item(error, source) == item


def test_an_error_without_a_place_is_the_files() -> None:
    assert signature(Diagnostic("E0601", "error", "`main` function not found in crate `main`"), "") == (
        "E0601:`main` function not found in crate `main`@file".replace("`main`", "`_`")
    )
