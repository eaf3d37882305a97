"""What tests may see of a program, what must stay of one type, and arguments made up for it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sleepy.sandbox import api
from sleepy.sandbox.api import Function
from sleepy.sandbox.sandbox import Sandbox


def test_public_items_and_what_is_used_publicly_are_exported_in_order() -> None:
    source = (
        "pub fn f() {}\nfn g() {}\npub(crate) fn h() {}\npub struct S;\npub enum E { A }\npub union U { a: u8 }\n"
        "pub trait T {}\npub const C: u8 = 0;\npub static X: u8 = 0;\npub type A = u8;\npub mod m { pub fn inner() {} }\n"
        "pub use m::inner;\npub use m::{inner as outer, self};\npub use E::*;\nuse m::inner as hidden;\npub fn f() {}\n"
    )
    assert api.exported(source) == ["f", "S", "E", "U", "T", "C", "X", "A", "m", "inner", "outer"]


def test_a_candidates_item_is_seen_when_the_task_declares_it_too() -> None:
    candidate = (
        "pub fn add() {}\npub fn extra() {}\npub struct Shape;\npub enum Result { A }\npub use Result::A as Ok;\n"
    )
    original = "// extra\npub fn add() -> Result<u8, ()> { Ok(1); let extra = 1; }\n"
    assert api.spoken_of(candidate, [original]) == ["add"]
    assert api.spoken_of(candidate, [original, "pub struct Shape;"]) == ["add", "Shape"]
    assert api.spoken_of(candidate, [original, "pub enum Result { A } pub use Result::{self, A as Ok};"]) == [
        "add", "Result", "Ok",
    ]  # fmt: skip
    assert api.spoken_of(candidate, []) == api.exported(candidate)


def test_a_name_that_is_a_keyword_is_written_raw_and_any_other_bare() -> None:
    source = "pub fn r#match(a: u8) {}\npub fn r#plain() {}\npub struct r#type;\npub use m::{r#loop, x as r#fn};\n"
    assert api.exported(source) == ["r#match", "plain", "r#type", "r#loop", "r#fn"]
    assert api.spoken_of(source, ["fn r#match() {} fn plain() {} struct r#type; fn r#fn() {}"]) == [
        "r#match", "plain", "r#type", "r#fn",
    ]  # fmt: skip
    assert api.functions(source) == {
        "r#match": Function("r#match", ("u8",), ""), "plain": Function("plain", (), ""),
    }  # fmt: skip
    assert [pin.name for pin in api.pinned(source, source.replace("r#plain", "plain"))] == ["r#match", "plain"]


@pytest.mark.parametrize(
    "broken", ["pub fn add(a: i32 {\n", "pub fn add(a: i32) -> { a } }", "struct Other {{\nfn add()", "fn add"]
)
def test_a_declaration_counts_though_the_program_does_not_parse(broken: str) -> None:
    assert api.spoken_of("pub fn add() {}\npub fn other() {}\n", [broken]) == ["add"]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("fn main() {}", "main"),
        ("pub(crate)  async fn\n  main () {}", "main"),
        ("// größer\nfn main() {}", "main"),
        ("mod a {\nfn main() {}\n}", None),
        ('const S: &str = "\nfn main() {}\n";', None),
        ("/*\nfn main() {}\n*/ fn mains() {}", None),
        ("struct S;\nimpl S {\nfn main() {}\n}", None),
    ],
)
def test_the_programs_own_main_is_found_by_its_bytes(source: str, found: str | None) -> None:
    place = api.main(source)
    assert (place and source.encode()[slice(*place)].decode()) == found
    assert place is None or "fn" in source.encode()[: place[0]].decode()[-8:]


def test_a_function_is_known_by_its_type_whatever_its_layout() -> None:
    source = "pub fn f(mut a : & str,\n  _: Vec < u8 >,) -> Option< [u8 ; 2] > { None }\npub fn g() {}\n"
    found = api.functions(source)
    assert found == {"f": Function("f", ("&str", "Vec<u8>"), "Option<[u8;2]>"), "g": Function("g", (), "")}
    assert [item.type for item in found.values()] == ["fn(&str, Vec<u8>) -> Option<[u8;2]>", "fn()"]


@pytest.mark.parametrize(
    "source",
    [
        "fn f(a: u8) {}",
        "pub(crate) fn f(a: u8) {}",
        "pub fn f<T>(a: T) {}",
        "pub fn f<'a>(a: &'a str) {}",
        "pub fn f(a: impl Fn()) {}",
        "pub fn f() -> impl Fn() { || () }",
        'pub fn f() -> &\'static str { "" }',
        "pub unsafe fn f(a: u8) {}",
        "pub const fn f(a: u8) {}",
        "pub async fn f(a: u8) {}",
        "pub mod m { pub fn f(a: u8) {} }",
        "pub struct S; impl S { pub fn f(a: u8) {} }",
    ],
)
def test_other_functions_are_left_alone(source: str) -> None:
    assert api.functions(source) == {}


def test_what_both_programs_agree_on_is_pinned() -> None:
    original = "pub fn same(a: i32) -> u8 { }\npub fn other(a: i32) {}\npub fn gone() {}\npub fn mine(a: S) {}\n"
    reference = "pub fn other(a: i64) {}\npub fn same(a:i32) -> u8 { 1 }\npub fn new() {}\npub fn mine(a: S) {}\n"
    same, mine = Function("same", ("i32",), "u8"), Function("mine", ("S",), "")
    assert api.pinned(original, reference) == [same]
    assert api.pinned(original, reference + "pub struct S;\n") == [same, mine]
    assert api.pinned(None, reference) == api.pinned(original, None) == []


def test_calls_are_the_same_for_one_seed_and_fifty_of_each() -> None:
    pins = [Function("f", ("i32", "&str"), "u8"), Function("g", ("Vec<Option<String>>",), "String")]
    made = api.calls(pins, "seed")
    assert made == api.calls(pins, "seed")
    assert made != api.calls(pins, "another")
    assert [item.function for item in made] == pins
    assert all(len(item.arguments) == api.CALLS for item in made)
    assert all(len(row) == len(item.function.parameters) for item in made for row in item.arguments)
    assert len(set(made[0].arguments)) > 25


@pytest.mark.parametrize(
    "function",
    [
        Function("f", (), "u8"),
        Function("f", ("u8",), ""),
        Function("f", ("S",), "u8"),
        Function("f", ("u8", "&mut u8"), "u8"),
        Function("f", ("Vec<S>",), "u8"),
        Function("f", ("&[Option<S>]",), "u8"),
        Function("f", ("[u8;2]",), "u8"),
        Function("f", ("u8",), "S"),
        Function("f", ("u8",), "Vec<S>"),
        Function("f", ("u8",), "Box<dyn Fn()>"),
    ],
)
def test_what_cannot_be_made_up_or_shown_is_not_called(function: Function) -> None:
    assert api.calls([function], "seed") == []


_SCALARS = "i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize f32 f64 bool char &str String".split()
_KINDS = st.recursive(
    st.sampled_from(_SCALARS),
    lambda inner: st.one_of(inner.map("Vec<{}>".format), inner.map("Option<{}>".format), inner.map("&[{}]".format)),
    max_leaves=4,
)


@settings(max_examples=3)
@given(st.lists(st.lists(_KINDS, min_size=1, max_size=3), min_size=20, max_size=20), st.text(max_size=4))
def test_every_argument_has_its_parameters_type(sandbox: Sandbox, rows: list[list[str]], seed: str) -> None:
    """Hundreds of calls in one check; every scalar is among them."""
    pins = [Function(f"f{i}", tuple(row), "bool") for i, row in enumerate([*([kind] for kind in _SCALARS), *rows])]
    made = api.calls(pins, seed)
    assert [item.function for item in made] == pins
    lines = []
    for pin, item in zip(pins, made, strict=True):
        parameters = ", ".join(f"_: {kind}" for kind in pin.parameters)
        lines.append(f"fn {pin.name}({parameters}) -> bool {{ true }}")
        calls = " ".join(f"{pin.name}({', '.join(row)});" for row in item.arguments)
        lines.append(f"pub fn call_{pin.name}() {{ let _: {pin.type} = {pin.name}; {calls} }}")
    verdict = sandbox.check("\n".join(lines))
    assert verdict.passed, verdict.diagnostics[:1]


def test_what_a_program_imports_from_std_is_what_its_tests_import() -> None:
    reference = (
        "use std::collections::{BTreeMap, HashMap as Map};\nuse ::core::fmt::{self, Write};\nuse std::io::*;\n"
        "use crate::m::X;\nuse m::Y;\npub use std::rc::Rc;\n#[cfg(test)]\nuse std::sync::Arc;\nmod m { use std::env; }\n"
    )
    original = "use std::other::BTreeMap;\nuse std::cell::Cell;\n"
    assert api.imported([reference, original], ["Rc"]) == [
        "::std::collections::BTreeMap", "::std::collections::HashMap as Map", "::core::fmt", "::core::fmt::Write",
        "::std::io::*", "::std::cell::Cell",
    ]  # fmt: skip
    assert api.imported([], []) == []


@pytest.mark.parametrize(
    ("source", "besides", "expected"),
    [
        ("use std::fmt::{self, Display};\nuse std::fmt;\n", [], ["::std::fmt", "::std::fmt::Display"]),
        ("use std::{ // all we need\n    fmt,\n};\n", [], ["::std::fmt"]),
        ("mod alloc { pub struct Arena; }\nuse alloc::Arena;\n", [], []),
        ("#[cfg(windows)]\n// where there are handles\nuse std::os::windows::io::AsHandle;\n", [], []),
        ("use std::collections::{HashMap, HashSet};\n", ["HashSet"], ["::std::collections::HashMap"]),
        (
            "use std::fmt::Write as _;\nuse std::io::Write as _;\n", [],
            ["::std::fmt::Write as _", "::std::io::Write as _"],
        ),
        ("use std::{io::{self, *}, sync::atomic::{AtomicU8 as A}};\n", ["A"], ["::std::io", "::std::io::*"]),
    ],
)  # fmt: skip
def test_imports_name_by_name(source: str, besides: list[str], expected: list[str]) -> None:
    assert api.imported([source], besides) == expected


@pytest.mark.parametrize(
    ("tests", "expected"),
    [
        ("assert_eq!(helper(1), 2);", True),
        ("assert_eq!(public(1), 2);", False),
        ("let k = Kind::A;", True),
        ("let helper = 1; assert_eq!(helper, 2);", False),
        ("fn helper() {} helper();", False),
        ("x.helper(); other::helper();", False),
        ("let c = LIMIT;", True),
        ('let text = "helper(1)"; // helper(1)', False),
        ("struct Kind; let k = Kind;", False),
        ("fn h() -> impl Iterator<Kind = u32>", False),
    ],
)
def test_tests_that_plainly_speak_of_a_private_item_are_known(tests: str, expected: bool) -> None:
    program = "fn helper(n: u8) -> u8 { n }\npub fn public(n: u8) -> u8 { n }\nenum Kind { A }\nconst LIMIT: u8 = 1;\n"
    assert api.speaks_of_private(tests, program) is expected
