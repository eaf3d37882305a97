"""The policy: each thing an answer may not bring in, and that it may where the task had it."""

from __future__ import annotations

import pytest

from sleepy.sandbox import guard

_ORIGINAL = "pub fn add(a: i32, b: i32) -> i32 {\n    a + b;\n}\n"
_ANSWER = "pub fn add(a: i32, b: i32) -> i32 {\n    a + b\n}\n"

# what is added to the answer -> the name it is refused by
_BANNED = {
    'const X: &str = include_str!("x");': "include_str!",
    'const X: &[u8] = include_bytes!("x");': "include_bytes!",
    'include!("x");': "include!",
    'const X: &str = env!("HOME");': "env!",
    'const X: &str = core::env!("HOME");': "env!",
    'const X: Option<&str> = option_env!("HOME");': "option_env!",
    'fn f() { asm!("nop") }': "asm!",
    'global_asm!("nop");': "global_asm!",
    "fn f() { todo!() }": "todo!",
    "fn f() { unimplemented!() }": "unimplemented!",
    'compile_error!("no");': "compile_error!",
    "fn f() { unsafe { } }": "unsafe",
    "unsafe impl Send for X {}": "unsafe",
    'extern "C" { fn f(); }': "extern",
    "extern crate alloc;": "extern",
    "macro_rules! m { () => {} }": "macro_rules",
    "fn f() { std::process::abort() }": "std::process",
    'fn f() { ::std::fs::read("x"); }': "std::fs",
    "use std::net;": "std::net",
    "use std::os::fd;": "std::os",
    "fn f() { std::env::args(); }": "std::env",
    "use core::arch::x86_64;": "std::arch",
    "use std::ffi::CString;": "std::ffi",
    "use std::ptr;": "std::ptr",
    "use std::panic;": "std::panic",
    "use std::{fmt, fs};": "std::fs",
    "use std::{fmt, {process}};": "std::process",
    "use std::r#fs;": "std::fs",
    "use std::/* x */fs;": "std::fs",
    "use std::\u200efs;": "std::fs",
    'const X: &std::ffi::CStr = cr"\\"; use std::fs; const Y: &std::ffi::CStr = cr"\\";': "std::fs",
    "use std as s;": "std as",
    "use ::std as s;": "std as",
    "use std::*;": "std::*",
    "use std::{self as s};": "std::self",
    "use std::{fmt, *};": "std::*",
    "fn f() { io::stdin(); }": "stdin",
    "use x::{set_hook, y};": "set_hook",
    "fn f() { x::take_hook(); }": "take_hook",
    "fn f() { x::catch_unwind(|| ()); }": "catch_unwind",
    "fn f() { x::abort(); }": "abort",
    "fn f() { x::transmute(1); }": "transmute",
    "fn f() { x::exit(0); }": "process::exit",
    '#[path = "x"] mod x {}': "#[path]",
    "mod x;": "mod x",
    "mod tests { }": "mod tests",
    '#[link(name = "x")] struct X;': "#[link]",
    '#[link_section = "x"] static X: u8 = 0;': "#[link_section]",
    "#[no_mangle] pub fn f() {}": "#[no_mangle]",
    "#[unsafe(no_mangle)] pub fn f() {}": "unsafe",
    '#[export_name = "x"] fn f() {}': "#[export_name]",
    "#[cfg(test)] fn f() {}": "#[cfg]",
    "#[cfg_attr(test, derive(Debug))] struct X;": "#[cfg_attr]",
    "#[allow(unused)] fn f() {}": "#[allow]",
    "#[expect(unused)] fn f() {}": "#[expect]",
    "#[macro_export] fn f() {}": "#[macro_export]",
    "#[global_allocator] static X: u8 = 0;": "#[global_allocator]",
    "#[test] fn f() {}": "#[test]",
    "#[ignore] fn f() {}": "#[ignore]",
    "#[should_panic] fn f() {}": "#[should_panic]",
    "#![feature(x)]": "#[feature]",
    "#![no_std]": "#[no_std]",
    "#![no_main]": "#[no_main]",
    '#![crate_type = "lib"]': "#[crate_type]",
    '#![recursion_limit = "9"]': "#[recursion_limit]",
    "#![no_implicit_prelude]": "#![no_implicit_prelude]",
}


@pytest.mark.parametrize("added", _BANNED)
def test_what_may_not_be_added_is_refused_by_name(added: str) -> None:
    refused = guard.objection(f"{added}\n{_ANSWER}", _ORIGINAL)
    assert refused is not None
    assert refused.startswith("adds ")
    assert _BANNED[added] in refused.removeprefix("adds ").split(", ")


@pytest.mark.parametrize("added", _BANNED)
def test_what_the_task_had_may_stay_but_not_grow(added: str) -> None:
    assert guard.objection(f"{added}\n{_ANSWER}", f"{added}\n{_ORIGINAL}") is None
    assert guard.objection(f"{added}\n{added}\n{_ANSWER}", f"{added}\n{_ORIGINAL}") is not None


@pytest.mark.parametrize("added", _BANNED)
def test_without_a_task_everything_is_added(added: str) -> None:
    assert guard.objection(f"{added}\n{_ANSWER}", None) is not None


@pytest.mark.parametrize(
    "added",
    [
        "// unsafe { std::process::exit(0) }",
        "/* #[cfg(test)] /* nested */ include_str! */",
        'const X: &str = "unsafe std::fs::read #[test] todo!()";',
        'const X: &str = r#"extern "C" env!("HOME")"#;',
        "use std::fmt::{self, Display};",
        "use std::io::{self, Read as _};",
        "use std::collections::{self, HashMap};",
        "use std::collections::*;",
        "fn exit(todo: i32) -> i32 { let process = todo; process }",
        "struct Env { fs: u8, net: u8, path: u8 }",
        "fn f(core: u8) -> u32 { core as u32 }",
        "#[derive(Debug, Clone)] struct X;",
        "#[inline] fn f() {}",
        "impl std::str::FromStr for X {}",
        "mod shapes { pub fn f() {} }",
        "fn f() { panic!() }",
    ],
)
def test_ordinary_code_is_not_objected_to(added: str) -> None:
    assert guard.objection(f"{added}\n{_ANSWER}", _ORIGINAL) is None


def test_an_answer_may_be_large_but_not_without_end() -> None:
    assert guard.objection(_ANSWER + "// " + "x" * 65_000, _ORIGINAL) is None
    assert (
        guard.objection(_ANSWER + "// " + "x" * 66_000, _ORIGINAL)
        == f"source of {len(_ANSWER) + 66_003} characters; at most 65536"
    )


def test_brackets_may_not_nest_without_end() -> None:
    def nested(depth: int) -> str:
        return "pub fn add(a: i32, b: i32) -> i32 { " + "(" * depth + "a + b" + ")" * depth + " }"

    assert guard.objection(nested(120), _ORIGINAL) is None
    assert guard.objection(nested(129), _ORIGINAL) == "brackets nested deeper than 128"


@pytest.mark.parametrize(
    ("item", "name"),
    [
        ("pub fn f() {}", "fn f"),
        ("pub(crate) fn f() {}", "fn f"),
        ("pub const fn f() {}", "fn f"),
        ("pub async fn f() {}", "fn f"),
        ("pub struct S;", "struct S"),
        ("pub enum E { A }", "enum E"),
        ("pub trait T {}", "trait T"),
        ("pub const C: u8 = 0;", "const C"),
        ("pub static C: u8 = 0;", "static C"),
        ("pub type A = u8;", "type A"),
        ("pub mod m {}", "mod m"),
    ],
)
def test_a_public_item_that_vanishes_is_a_mismatch(item: str, name: str) -> None:
    assert guard.mismatch(_ANSWER, f"{item}\n{_ORIGINAL}") == f"public item gone: {name}"
    assert guard.mismatch(f"{item}\n{_ANSWER}", f"{item}\n{_ORIGINAL}") is None
    assert guard.mismatch(f"// {item}\n{_ANSWER}", f"{item}\n{_ORIGINAL}") == f"public item gone: {name}"


def test_a_private_item_may_go() -> None:
    assert guard.mismatch(_ANSWER, f"fn helper() {{}}\n{_ORIGINAL}") is None


def test_an_equality_with_another_type_is_a_mismatch() -> None:
    added = "struct Any; impl PartialEq<i32> for Any { fn eq(&self, _: &i32) -> bool { true } }"
    assert guard.mismatch(f"{added}\n{_ANSWER}", _ORIGINAL) == "adds PartialEq<..>"
    assert guard.mismatch(f"{added}\n{_ANSWER}", f"{added}\n{_ORIGINAL}") is None


def test_an_equality_by_hand_is_for_types_the_task_had() -> None:
    equal = "impl PartialEq for Point { fn eq(&self, other: &Self) -> bool { self.0 == other.0 } }"
    assert guard.mismatch(f"struct Point(u8); {equal} {_ANSWER}", f"struct Point(u8); {_ORIGINAL}") is None
    assert guard.mismatch(f"struct Point(u8); {equal} {_ANSWER}", _ORIGINAL) == "adds impl PartialEq for Point"
    assert guard.mismatch(f"#[derive(PartialEq)] struct Point(u8); {_ANSWER}", _ORIGINAL) is None


def test_without_a_task_there_is_nothing_to_mismatch() -> None:
    assert guard.mismatch("impl PartialEq<u8> for A {}", None) is None
