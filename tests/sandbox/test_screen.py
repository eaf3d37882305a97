"""Many programs in one check: the verdicts are those of checks alone."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sleepy.koans import library
from sleepy.sandbox import batch
from sleepy.sandbox.sandbox import Sandbox
from sleepy.sandbox.verdict import Diagnostic, Outcome, Span, Verdict

# of every kind; those in pairs would mend or spoil each other if they were only pasted together
_PROGRAMS = [
    "pub fn fine() -> u8 { 1 }\n",
    "fn main() { println!(\"{}\", 1 + 1); }\n",
    "use std::collections::HashMap;\npub fn map() -> HashMap<u8, u8> { HashMap::new() }\n",
    "// only a comment\n",
    "",
    "\n\n\npub fn low() -> u8 { \"\" }\n",
    "pub fn open() {\n",
    "pub fn close() { } }\n",
    "pub fn wrong(] {}\n",
    "pub fn text() -> &'static str { \"x }\n",
    "pub fn rest() -> &'static str { y\" }\n",
    "pub fn comment() {} /*\n",
    "pub fn end() {} */\n",
    "pub fn raw() -> &'static str { r#\"x }\n",
    "pub fn raw_end() -> &'static str { x\"# }\n",
    "pub fn no_semicolon() { let a = 1 let b = 2; }\n",
    "pub struct Half { a: u8 b: u8 }\n",
    "pub fn typed() -> String { 5 }\n",
    "pub fn unknown() -> u8 { missing }\n",
    "pub fn unknown_type(x: Missing) {}\n",
    "pub fn method(x: u8) { x.missing(); }\n",
    "pub fn arguments() { fine_here(1, 2); }\nfn fine_here(_: u8) {}\n",
    "pub fn moved() { let s = String::new(); drop(s); drop(s); }\n",
    "pub fn borrowed() -> &'static str { let s = String::new(); &s }\n",
    "pub fn twice() { let mut v = vec![1]; let a = &mut v; let b = &mut v; a.push(1); b.push(2); }\n",
    "pub fn frozen() { let v = vec![1]; v.push(2); }\n",
    "pub fn lifetime(a: &str, b: &str) -> &str { a }\n",
    "pub struct Held { a: &str }\n",
    "pub fn arms(x: Option<u8>) -> u8 { match x { Some(n) => n } }\n",
    "pub fn bound<T>(a: T) -> T { a.clone() }\n",
    "pub fn shown<T>(a: T) -> String { format!(\"{a}\") }\n",
    "pub trait Speaks { fn speak(&self); }\npub struct Cat;\nimpl Speaks for Cat {}\n",
    "pub fn large() -> u8 { 256 }\n",
    "pub const ZERO: u8 = 1 / 0;\n",
    "pub fn unsigned() -> u8 { -1 }\n",
    "#![allow(dead_code)]\nfn f() {}\n",
    "mod inner { pub fn f() -> u8 { super::g() } }\nfn g() -> u8 { 1 }\n",
    "pub mod a { pub(crate) fn f() {} }\npub fn g() { crate::a::f() }\n",
    "macro_rules! one { () => { 1 } }\npub fn f() -> u8 { one!() }\n",
    "pub fn k0() -> u8 { 1 }\npub fn canary() -> u8 { k0() }\n",
    "pub struct Point;\npub fn same(a: Point, b: Point) -> bool { a == b }\n",
    "pub struct Point;\npub fn copy(a: &Point) -> Point { *a }\n",
    "pub fn word() -> &'static str { \"größer\" }\n",
    "pub fn infer() { let v = Vec::new(); }\n",
]  # fmt: skip


def _first(verdict: Verdict) -> tuple[str | None, str, int] | None:
    if not verdict.diagnostics:
        return None
    first = verdict.diagnostics[0]
    return first.code, first.message, first.primary.line_start if first.primary else 0


def _mixed(seed: int) -> list[str]:
    koans = random.Random(seed).sample(library.classics(), 6)
    mixed = [*_PROGRAMS, *(koan.broken for koan in koans), *(koan.fixed for koan in koans)]
    random.Random(seed).shuffle(mixed)
    return mixed


@pytest.mark.parametrize("seed", [1, 2])
def test_many_at_once_get_the_verdicts_of_each_alone(sandbox: Sandbox, seed: int) -> None:
    mixed = _mixed(seed)
    alone = [sandbox.check(source) for source in mixed]
    together = sandbox.check_many(mixed)
    assert {verdict.outcome for verdict in alone} == {Outcome.PASS, Outcome.COMPILE_ERROR}
    for source, one, other in zip(mixed, alone, together, strict=True):
        assert one.outcome is other.outcome, source
        assert _first(one) == _first(other), source


def test_without_exactness_the_outcome_is_still_each_ones_own(sandbox: Sandbox) -> None:
    mixed = _mixed(3)
    for source, one in zip(mixed, sandbox.check_many(mixed, exact=False), strict=True):
        assert one.outcome is sandbox.check(source).outcome, source
        assert not any("k0::" in item.message or item.rendered == "canary" for item in one.diagnostics)


def test_paths_of_2015_are_checked_from_the_root(sandbox: Sandbox) -> None:
    sources = ["pub enum Way { Up }\nuse Way::*;\npub fn up() -> Way { Up }\n", "pub fn f() -> u8 { 1 }\n"]
    for exact in (True, False):
        found = sandbox.check_many(sources, edition="2015", exact=exact)
        assert [verdict.outcome for verdict in found] == [Outcome.PASS] * 2


def test_none_and_one_are_many_too(sandbox: Sandbox) -> None:
    assert sandbox.check_many([]) == []
    assert [verdict.outcome for verdict in sandbox.check_many(["fn f() -> u8 {}"])] == [Outcome.COMPILE_ERROR]


def test_many_are_shared_in_batches(sandbox: Sandbox) -> None:
    """Sixteen correct programs are said to have taken one and the same check."""
    found = sandbox.check_many([f"pub fn f() -> u8 {{ {n} }}\n" for n in range(16)])
    assert len({id(verdict.stage_ms) for verdict in found}) == 1
    assert all(verdict.passed for verdict in found)


lines = st.text(alphabet="ab {}\n;", max_size=40)


@given(st.lists(lines, min_size=1, max_size=6), st.booleans())
def test_every_line_of_a_batch_is_found_in_its_program(sources: list[str], canary: bool) -> None:
    composed = batch.compose(sources, canary=canary)
    written = composed.text.split("\n")
    for source, start in zip(sources, composed.starts, strict=True):
        for number, line in enumerate(source.split("\n"), start=1):
            assert written[start + number - 1] == line
    assert len(written) == composed.end + canary


@given(st.lists(lines, min_size=1, max_size=6), st.data())
def test_a_diagnostic_comes_home_with_its_own_line_number(sources: list[str], data: st.DataObject) -> None:
    composed = batch.compose(sources)
    owner = data.draw(st.integers(0, len(sources) - 1))
    line = data.draw(st.integers(1, sources[owner].count("\n") + 1))
    elsewhere = data.draw(st.integers(1, composed.end))
    at = composed.starts[owner] + line
    found = Diagnostic(
        "E0308", "error", "mismatched types", (Span(at, at, 1, 2, True), Span(elsewhere, elsewhere, 1, 2, False))
    )
    home = batch.split(composed, [found])
    assert list(home.by_program) == [owner]
    (moved,) = home.by_program[owner]
    assert moved.primary is not None
    assert (moved.primary.line_start, moved.primary.line_end) == (line, line)
    own = sources[owner].count("\n") + 2  # the brace that closes it counts as its last
    assert all(1 <= span.line_start <= own for span in moved.spans)
    assert not home.stray and not home.whole


def test_the_canary_tells_that_every_phase_ran() -> None:
    composed = batch.compose(["a", "b"])
    last = composed.text.count("\n") + 1
    seen = batch.split(composed, [Diagnostic("E0382", "error", "use of moved value", (Span(last, last, 1, 2, True),))])
    assert seen.whole and not seen.stray and not seen.by_program
    other = batch.split(composed, [Diagnostic("E0425", "error", "no such name", (Span(last, last, 1, 2, True),))])
    assert other.stray and not other.whole


def test_a_message_that_names_a_neighbour_is_not_trusted() -> None:
    def said(message: str) -> Diagnostic:
        return Diagnostic("E0308", "error", message, (Span(1, 1, 1, 2, True),))

    own, types = batch.names("struct Point; fn f(a: Ordering) {}"), frozenset(["Point", "Shape", "Ordering"])
    for trusted in ("expected `String`, found `i32`", "expected `Point`, found `Ordering`"):
        assert batch.trustworthy([said(trusted)], own, types)
    for doubted in (
        "expected `k3::Point`",
        "expected `Shape`",
        "expected `std::cmp::Ordering`",
        "`A`\nand 9 others",
        "`{closure@main.rs:9:1}`",
    ):
        assert not batch.trustworthy([said(doubted)], own, types)


def test_a_message_comes_home_in_the_programs_own_terms() -> None:
    composed = batch.compose(["struct Point;", "struct Point;\nfn f() {}"])
    at = composed.starts[1] + 2
    said = "expected `k1::Point`, found `k1::Shape::Round` of `k1::inner::Point`"
    found = batch.split(composed, [Diagnostic("E0308", "error", said, (Span(at, at, 1, 2, True),))])
    (home,) = found.by_program[1]
    assert home.message == "expected `Point`, found `Shape::Round` of `k1::inner::Point`"


def test_a_neighbours_variant_does_not_lengthen_the_name_of_a_trait_of_stds(sandbox: Sandbox) -> None:
    """With an enum's `Mul` beside it, rustc writes `std::ops::Mul` where alone it writes `Mul`."""
    asks = "pub fn area(w: u64, h: i32) -> u64 {\n    w * h\n}\n"
    beside = "pub enum Op {\n    Mul,\n    Add,\n}\n"
    alone = sandbox.check(asks)
    found = sandbox.check_many([asks, beside, asks, beside])
    assert [item.notes for item in found[0].diagnostics] == [item.notes for item in alone.diagnostics]


def test_what_is_not_ascii_is_told_as_alone(sandbox: Sandbox) -> None:
    sources = [
        "\ufeffpub fn a() -> u8 { 1 }\n",
        'pub fn b() -> u8 { "é" }\n',
        "pub fn c() -> u8 { 1 } // ü\n",
        "pub fn é() -> u8 { 1 }\n",
        'pub fn d() -> &\'static str { "\u202e" }\n',
        "pub fn e() -> char { 'ß' + 1 }\n",
        "pub fn f() { let x\u00a0= 1; }\n",
        "/* ñ */ pub fn g() -> u8 { missing }\n",
    ]
    alone = [sandbox.check(source) for source in sources]
    many = sandbox.check_many(sources)
    for one, other in zip(alone, many, strict=True):
        assert one.outcome is other.outcome
        assert [replace(item, rendered="") for item in one.diagnostics] == [
            replace(item, rendered="") for item in other.diagnostics
        ]
