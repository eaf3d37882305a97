"""The policy: each thing an answer may not bring in, and that it may where the task had it."""

from __future__ import annotations

import time

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
    "use process::{exit as leave};": "process::exit",
    "fn f() { ; stdin() }": "stdin",
    "fn f() { let read = io::stdin; }": "stdin",
    "use std::include_str as text;": "include_str!",
    "use core::{fmt, include_bytes as t};": "include_bytes!",
    "use std::include as t;": "include!",
    "use std::option_env as t;": "option_env!",
    "use std::env as t;": "env!",
    "use std::todo as later;": "todo!",
    "pub use std::unimplemented;": "unimplemented!",
    "use std::cfg as c;": "cfg!",
    "fn f() -> bool { cfg!(test) }": "cfg!",
    f"use std::{{{', '.join(f'cmp::Ordering as O{i}' for i in range(60))}, fs as f}};": "std::fs",
    "use std::self as all;": "std::self",
    "use std::net::{IpAddr, TcpStream};": "std::net",
    "use std::{process::{ExitCode, Command}};": "std::process",
    "fn f() { std::ptr::read(x); }": "std::ptr",
    "use std::panic::catch_unwind as c;": "std::panic",
    'fn f() { c"x"; }': "a C string",
    'fn f() { stringify!(cr"\\"); }': "a C string",
    "fn f<'a, 'b, T>(_: &'a &'b (), v: &'b T) -> &'a T { v }": "a reference with a lifetime to one with another",
    "fn f<'b, T>(_: &'static (&'b ()), v: &'b T) -> &'static T { v }": "a reference with a lifetime to one with another",
    "type R<'a, 'b> = &'a mut &'b mut ();": "a reference with a lifetime to one with another",
    "trait O<U> { type Out; } impl<T: ?Sized, U> O<U> for T { type Out = U; } type X<T, U> = dyn O<U, Out = T>;": (
        "an associated type named beside a blanket impl"
    ),
    "trait O { type Out; } impl<T> O for T where T: ?Sized { type Out = u8; } type X<T> = dyn O<Out = T>;": (
        "an associated type named beside a blanket impl"
    ),
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
    "#[::core::prelude::v1::test] fn f() {}": "#[test]",
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
        "fn f() { std::panic!() }",
        "fn f(a: &u8, b: &u8) -> bool { std::ptr::eq(a, b) }",
        "use std::net::{IpAddr, Ipv4Addr};",
        "use std::{fmt, net::Ipv6Addr};",
        "use std::process::ExitCode;",
        "struct Door; impl Door { fn exit(a: u8) {} } fn f() { Door::exit(1); }",
        "struct Job; impl Job { fn abort(a: u8) {} } fn f() { let a = 1; { Job::abort(a) } }",
        "fn abort() {} fn f() { abort() }",
        "mod env { pub struct E; } use self::env::E;",
        "mod todo { pub struct T; } use todo::T; pub use self::todo;",
        "fn f(items: Box<dyn Iterator<Item = u8>>, g: Box<dyn Fn(i32) -> i32>) {}",
        "fn f<'a>(a: &'a str, b: &[&'a str], c: &&str, d: &'a [&'a str], e: &'a &'a str) -> &'a str { a }",
        "fn f<'a, 'b>(a: &'a str, b: &'b str) -> (&'a str, &'b str) { (a, b) }",
        "fn f<'a, 'b>(a: &'a [&'b str]) -> &'b str { a[0] }",
        "trait Loud { fn loud(&self); } impl<T: ?Sized + Debug> Loud for T { fn loud(&self) {} } type X = dyn O<A = u8>;",
        "struct W<T: ?Sized>(Box<T>); impl<T: ?Sized> Deref for W<T> { type Target = T; } type X = dyn O<A = u8>;",
        "trait O { type Out; } impl<T: ?Sized> O for T { type Out = u8; } fn f(i: &mut dyn Iterator<Item = u8>) {}",
        "struct Tree; impl Tree { fn exists(&self) -> bool { true } } fn f(t: Tree) -> bool { t.exists() }",
        "use std::path::Path; fn f(p: &Path) -> bool { p.is_absolute() }",
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


_YES = "#[derive(Debug)] pub struct Yes;"


@pytest.mark.parametrize(
    "added",
    [
        "use std::cmp::PartialEq as Same; impl Same<i32> for Yes {}",
        "use std::{fmt, cmp::{PartialEq as One}}; use One as Two; impl Two<i32> for Yes {}",
        "impl PartialEq::<i32> for Yes {}",
        "impl std::cmp::PartialEq<i32> for Yes {}",
        "impl PartialEq<Yes> for i32 {}",
        "impl<T> PartialEq<T> for Yes {}",
        "impl<T: Of<{ 1 }>> PartialEq<T> for Yes where T: Copy {}",
        "impl<r#impl> PartialEq<r#impl> for Yes {}",
        "fn f(x: impl Fn()) {} impl<F: Fn() -> u8> PartialEq<fn(u8) -> F> for Yes {}",
    ],
)
def test_an_equality_under_another_name_is_a_mismatch(added: str) -> None:
    for original, reference in ((_ORIGINAL, None), (_ORIGINAL, _ANSWER), (None, _ANSWER), (None, None)):
        if "<Yes>" not in added or original or reference:
            assert guard.mismatch(f"{_YES} {added} {_ANSWER}", original, reference) == "adds PartialEq<..>"
    for original, reference in ((_ORIGINAL, f"{_YES} {added} {_ANSWER}"), (f"{_YES} {added} {_ORIGINAL}", None)):
        assert guard.mismatch(f"{_YES} {added} {_ANSWER}", original, reference) is None


@pytest.mark.parametrize(
    "added",
    [
        "fn same<T: PartialEq<T>, U: PartialEq<T>>(a: T, b: T, c: impl PartialEq<T>) -> bool { a == b }",
        "impl PartialEq<Self> for Point { fn eq(&self, _: &Self) -> bool { true } }",
        "impl PartialEq<Point> for Point { fn eq(&self, _: &Point) -> bool { true } }",
        "impl<T: PartialEq<u8>> Has for Vec<T> {}",
        "fn same(a: u8) -> bool { a as PartialEq == 1 } impl Same<u8> for Point {}",
    ],
)
def test_an_ordinary_equality_is_none_of_its_own(added: str) -> None:
    assert guard.mismatch(f"struct Point; {added} {_ANSWER}", f"struct Point; {_ORIGINAL}") is None
    assert guard.mismatch(f"struct Point; {added} {_ANSWER}", None) is None


def test_what_the_task_derives_is_not_written_by_hand() -> None:
    derived, equal = "#[derive(PartialEq, Debug)] pub struct P(u8);", "impl PartialEq for P { }"
    answer = f"pub struct P(u8); {equal} {_ANSWER}"
    assert guard.mismatch(answer, f"{derived} {_ORIGINAL}") == "adds impl PartialEq for P"
    assert guard.mismatch(answer, f"pub struct P(u8); {_ORIGINAL}", f"{derived} {_ANSWER}") is not None
    assert guard.mismatch(answer, f"{derived} {_ORIGINAL}", answer) is None
    assert guard.mismatch(f"{derived} {_ANSWER}", f"{derived} {_ORIGINAL}") is None
    assert guard.mismatch(answer, f"#[derive(PartialEq)] pub struct Q; pub struct P(u8); {_ORIGINAL}", answer) is None


@pytest.mark.parametrize(
    "added",
    [
        "pub type Out = Yes;",
        "type One = Vec<Yes>; pub type Out = One;",
        "use Yes as Out;",
        "pub type Out = Yes; fn with(f: fn(u8) -> u8) {}",
    ],
)
def test_a_result_of_an_own_type_is_a_mismatch_under_any_name(added: str) -> None:
    answer = f"pub struct Yes; {added} pub fn add(a: i32, f: fn(i32) -> i32) -> Out {{ Yes }}"
    assert guard.mismatch(answer, _ORIGINAL) == "returns a type of its own: add"
    assert guard.mismatch(answer, f"pub type Out = i32; {_ORIGINAL}") is not None
    assert guard.mismatch(f"pub type Out = i32; {_ANSWER.replace('-> i32', '-> Out')}", _ORIGINAL) is None


def test_the_reference_stands_in_for_the_original() -> None:
    assert guard.mismatch("pub fn sub() {}", None, _ANSWER) == "public item gone: fn add"
    assert guard.mismatch(_ANSWER, None, f"pub fn helper() {{}} {_ANSWER}", "add(1, 2)") is None
    assert guard.mismatch("pub fn sub() {}", None, _ANSWER, "add(1, 2)") == "public item gone: fn add"
    yes = "pub struct Yes; pub fn add(a: i32, b: i32) -> Yes { Yes }"
    assert guard.mismatch(yes, None, _ANSWER, "add(1, 2)") == "returns a type of its own: add"
    assert guard.mismatch(yes, None, yes) is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("pub static A: u8 = 0;", "pub const A: u8 = 0;"),
        ("pub fn ad() {}", "pub fn plus() {}"),
        ("pub struct S;", "pub enum S { A }"),
    ],
)
def test_what_the_reference_drops_may_go(before: str, after: str) -> None:
    assert guard.mismatch(f"{after} {_ANSWER}", f"{before} {_ORIGINAL}", f"{after} {_ANSWER}") is None
    assert guard.mismatch(f"{after} {_ANSWER}", f"{before} {_ORIGINAL}") is not None
    assert guard.mismatch(after, f"{before} {_ORIGINAL}", f"{after} {_ANSWER}") == "public item gone: fn add"


@pytest.mark.parametrize(
    ("added", "name"),
    [
        ("use std::path::Path; fn f() -> bool { Path::new(X).exists() }", ".exists()"),
        ("use std::path::Path; fn f(p: &[&Path]) -> bool { p.iter().all(|p| Path::is_dir(p)) }", ".is_dir()"),
        ("fn f(p: std::path::PathBuf) { p.read_link(); }", ".read_link()"),
        ("use std::{fmt, path::*}; fn f() { absolute(X).map(|p| p.metadata()); }", ".metadata()"),
    ],
)
def test_a_path_that_the_task_does_not_name_may_not_be_asked(added: str, name: str) -> None:
    assert guard.objection(f"{added} {_ANSWER}", _ORIGINAL) == f"adds {name}"
    assert guard.objection(f"{added} {_ANSWER}", None) == f"adds {name}"
    assert guard.objection(f"{added} {_ANSWER}", f"{added} {_ORIGINAL}") is None


def test_a_path_that_the_task_names_may_be_asked() -> None:
    task = f"use std::path::Path; {_ORIGINAL}"
    answer = f"use std::path::Path; fn f(p: &Path) -> bool {{ p.exists() }} {_ANSWER}"
    assert guard.objection(answer, task) is None
    assert guard.objection(answer, _ORIGINAL, answer) is None
    assert guard.objection(answer, _ORIGINAL) == "adds .exists()"


def test_a_first_line_for_the_shell_hides_nothing() -> None:
    assert guard.objection(f'#!/bin/sh "\nuse std::fs;\n{_ANSWER}', _ORIGINAL) == "adds a line for the shell, std::fs"
    assert guard.objection(f'#!/** "\n" */ [\n{_ANSWER}', _ORIGINAL) == "adds a line for the shell"
    assert guard.objection(f"#!/bin/sh\n{_ANSWER}", f"#!/bin/sh\n{_ORIGINAL}") is None


@pytest.mark.parametrize(
    "text",
    [
        '"\\' * 32_000,
        'r#"' * 21_000,
        "r" + "#" * 64_000,
        "fn a " * 13_000,
        "fn a " * 4_000 + "->" + " x" * 19_000,
        "fn ( " * 13_000,
        "use std as s " * 5_000,
        "std::{ " * 100 + "std::{ } " * 7_000,
        "}" * 1000 + "std::{ " * 9_000,
        "impl < " * 9_000,
        "impl PartialEq " * 4_000,
        "a < " * 16_000,
        "type a = " * 7_000,
        "trait X { fn a() {} } " * 2_900,
    ],
)
def test_a_hostile_text_is_read_in_time(text: str) -> None:
    blanket = "impl<T: ?Sized> O for T { type A = u8; }"
    started = time.process_time()
    guard.objection(blanket + text[:64_000], _ORIGINAL)
    guard.mismatch(blanket + text[:64_000], _ORIGINAL, _ANSWER)
    assert time.process_time() - started < 2


def test_without_a_task_only_an_equality_with_what_is_not_its_own_is_a_mismatch() -> None:
    assert guard.mismatch("pub struct A; impl PartialEq<u8> for A {}", None) == "adds PartialEq<..>"
    assert guard.mismatch("struct A; struct B; impl PartialEq<B> for A {} impl PartialEq for B {}", None) is None
    assert guard.mismatch("pub struct A; pub fn f() -> A { A } trait T { fn g(); }", None, None, "x.g()") is None
