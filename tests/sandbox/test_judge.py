"""Judging: what answers for the tests, what the random calls add, and many at once as each alone.

The cases of the table are judged in one go, as a day's are; a good part of them again, each alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from sleepy.sandbox import harness
from sleepy.sandbox.process import Finished
from sleepy.sandbox.sandbox import Sandbox
from sleepy.sandbox.verdict import Case, Outcome, Verdict

PASS, FAIL, MISMATCH = Outcome.PASS, Outcome.FAIL, Outcome.API_MISMATCH
COMPILE_ERROR, REJECTED = Outcome.COMPILE_ERROR, Outcome.REJECTED

ADD = "pub fn add(a: i32, b: i32) -> i32 {\n    a + b\n}\n"
SUBTRACT = ADD.replace("a + b", "a - b")
BROKEN = ADD.replace("a + b", "a + b;")
ADDS = "mod tests {\n    use super::*;\n    #[test]\n    fn adds() { assert_eq!(add(1, 2), 3); }\n}\n"
PRIVATE = "fn step() -> i32 { 1 }\n"
SEES_PRIVATE = ADDS.replace("add(1, 2), 3", "add(step(), 2), 3")

HALVE = """pub fn halve(n: i32) -> Result<i32, String> {
    if n % 2 != 0 {
        return Err(String::from("odd"));
    }
    Ok(n / 2)
}
"""
HALVES = """mod tests {
    use super::*;
    #[test]
    fn odd() { assert!(halve(3).is_err()); }
    #[test]
    fn even() { assert_eq!(halve(4).ok(), Some(2)); }
}
"""
NEVER_ODD = "pub fn halve(n: i32) -> Result<i32, String> {\n    Ok(n / 2)\n}\n"
YES = (
    "pub trait Yes { fn is_err(self) -> bool; }\n"
    "impl Yes for Result<i32, String> { fn is_err(self) -> bool { true } }\n"
)
OWN_RESULT = """#[derive(Debug)]
pub enum Result<T, E> { Good(T), Bad(E) }
impl<T: Copy, E> Result<T, E> {
    pub fn is_err(&self) -> bool { true }
    pub fn ok(self) -> Option<i32> { Some(2) }
}
pub fn halve(n: i32) -> Result<i32, String> { Result::Good(n) }
"""

ODD_OK = """pub fn Ok(_: i32) -> Result<i32, String> {
    Err(String::from("odd"))
}
pub fn halve(_: i32) -> Result<i32, String> {
    Err(String::from("odd"))
}
"""

POINT = "#[derive(Debug, PartialEq)]\npub struct Point {\n    pub x: i32,\n}\n"
TABLED = "pub fn add(a: i32, b: i32) -> i32 {\n    if (a, b) == (1, 2) { 3 } else { 0 }\n}\n"
FLIPS = (
    "use std::sync::atomic::{AtomicU32, Ordering};\nstatic CALLS: AtomicU32 = AtomicU32::new(0);\n"
    "pub fn add(a: i32, b: i32) -> i32 {\n"
    "    if CALLS.fetch_add(1, Ordering::SeqCst) < 3 { a + b } else { 0 }\n}\n"
)
ONCE = FLIPS.replace("< 3", "< 1")
NUMBERS = (
    "use std::sync::atomic::{AtomicU32, Ordering};\nstatic NEXT: AtomicU32 = AtomicU32::new(1);\n"
    "pub fn number() -> u32 {\n    NEXT.fetch_add(1, Ordering::Relaxed)\n}\n"
)
NUMBERED = "mod tests {\n    use super::*;\n    #[test]\n    fn first() { assert_eq!(number(), 1); }\n}\n"
STEP = "fn from() -> u32 { 1 }\n"
BY_A_THREAD = NUMBERS.replace(
    "NEXT.fetch_add(1, Ordering::Relaxed)", "std::thread::spawn(|| NEXT.fetch_add(1, Ordering::SeqCst)).join().unwrap()"
)
COUNTED = (
    "use std::sync::atomic::{AtomicI32, Ordering};\nstatic SUM: AtomicI32 = AtomicI32::new(0);\n"
    "#[test]\nfn sums() { assert_eq!(SUM.fetch_add(add(1, 2), Ordering::SeqCst), 0); }\n"
)
ANSWER = 'pub fn answer(long: bool) -> String {\n    String::from(if long { "yes, surely" } else { "yes" })\n}\n'
ANSWERS = 'mod tests {\n    use super::*;\n    #[test]\n    fn short() { assert_eq!(answer(false), "yes"); }\n}\n'
ADDS_POINT = (
    "mod tests {\n    use super::*;\n    #[test]\n    fn adds() { assert_eq!(Point { x: add(1, 2) }.x, 3); }\n}\n"
)
DIVIDE = "pub fn divide(a: i32, b: i32) -> i32 {\n    a / b\n}\n"
DIVIDES = "mod tests {\n    use super::*;\n    #[test]\n    fn divides() { assert_eq!(divide(6, 2), 3); }\n}\n"
DISTINCT = """use std::collections::HashSet;
pub fn distinct(items: &[i32]) -> Vec<i32> {
    let seen: HashSet<i32> = items.iter().copied().collect();
    seen.into_iter().collect()
}
"""
IN_ORDER = """pub fn distinct(items: &[i32]) -> Vec<i32> {
    let mut seen = Vec::new();
    for item in items {
        if !seen.contains(item) {
            seen.push(*item);
        }
    }
    seen
}
"""
COUNTS = "mod tests {\n    use super::*;\n    #[test]\n    fn one() { assert_eq!(distinct(&[1, 1]), vec![1]); }\n}\n"
ENDLESS = ADD.replace("a + b", "if a == 1 && b == 2 { return 3; }\n    loop {}")

HELLO = 'fn main() {\n    println!("hello");\n}\n'

NESTED = """#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn adds() { assert_eq!(crate::add(1, 2), 3); }
    mod more {
        use crate::add as sum;
        #[test]
        fn adds_more() { assert_eq!(sum(20, 1), 21); }
        pub(super) mod most {
            use super::super::super::*;
            #[test]
            fn adds_most() -> Result<(), String> { if add(2, 2) == 4 { Ok(()) } else { Err(String::new()) } }
        }
    }
}
"""
BARE = "#[test]\nfn adds() { assert_eq!(add(1, 2), 3); }\n\n#[test]\nfn adds_again() { assert_eq!(add(2, 2), 4); }\n"
BY_MACRO = """#[cfg(test)]
mod tests {
    use super::*;
    macro_rules! sums {
        ($($name:ident: $a:expr, $b:expr;)*) => { $(#[test] fn $name() { assert_eq!(add($a, $b), $a + $b); })* };
    }
    sums! { small: 1, 2; large: 1000, 7; }
    #[test]
    #[should_panic(expected = "overflow")]
    fn overflows() { add(i32::MAX, 1); }
    #[test]
    #[should_panic(expected = "never said")]
    fn overflows_otherwise() { add(i32::MAX, 1); }
    #[test]
    #[ignore]
    fn never() { panic!(); }
}
"""
SAFE_MACRO = BY_MACRO.replace('#[should_panic(expected = "never said")]', '#[should_panic(expected = "add")]')
BY_FEATURE = ADDS + (
    '#[cfg(feature = "heavy")]\nmod heavy {\n    #[test]\n    fn never() { panic!(); }\n}\n'
    '#[cfg(not(feature = "heavy"))]\nmod light {\n    use super::*;\n'
    '    #[test]\n    fn adds_light() { assert_eq!(add(3, 4), 7); }\n'
    '    #[cfg(feature = "heavy")]\n    #[test]\n    fn never() { panic!(); }\n}\n'
)  # fmt: skip
IGNORES = ADDS.replace(
    "    #[test]\n", '    #[test]\n    #[ignore = "slow"]\n    fn never() { panic!(); }\n    #[test]\n'
)

HOLDS = """fn add(a: i32, b: i32) -> i32 {
    a + b
}

fn main() {
    println!("{}", add(1, 2));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds() {
        assert_eq!(add(1, 2), 3);
        assert_eq!(add(0, 0), 0);
    }

    #[test]
    fn adds_negative() {
        assert_eq!(add(-1, -2), -3);
    }
}
"""
HOLDS_BROKEN = HOLDS.replace("    a + b\n", "    a + b;\n")
_NEGATIVE = "    #[test]\n    fn adds_negative() {\n        assert_eq!(add(-1, -2), -3);\n    }\n"

BITS = "pub fn bits(x: f32) -> u32 {\n    unsafe { std::mem::transmute::<f32, u32>(x) }\n}\n"
SAME_BITS = "mod tests {\n    use super::*;\n    #[test]\n    fn one() { assert_eq!(bits(1.0), 0x3f80_0000); }\n}\n"


def _answer(source: str, tests: str = ADDS, original: str | None = BROKEN, reference: str | None = ADD) -> Case:
    return Case(source, tests, original, reference=reference)


@dataclass(frozen=True)
class Row:
    """A case, its outcome, the results of its tests where they ran, and words of the detail."""

    case: Case
    outcome: Outcome
    tests: tuple[tuple[str, bool], ...] = ()
    said: str = ""


_ADDS, _NOT = (("adds", True),), (("adds", False),)
_INSIDE_KNOWN = PRIVATE + ADD
TABLE: dict[str, Row] = {
    "right": Row(_answer(ADD), PASS, _ADDS),
    "right in other words": Row(_answer(ADD.replace("a + b", "b + a")), PASS, _ADDS),
    "wrong": Row(_answer(SUBTRACT), FAIL, _NOT, "left == right"),
    "still broken": Row(_answer(BROKEN), COMPILE_ERROR),
    "asks for a file": Row(_answer('mod other;\n' + ADD), REJECTED, said="mod other"),
    # items nobody asked for
    "a trait that answers is_err": Row(
        _answer(YES + NEVER_ODD, HALVES, HALVE.replace("n / 2)", "n / 2);"), HALVE), MISMATCH, said="is_err"
    ),
    "a trait that the policy lets pass": Row(
        _answer(YES + NEVER_ODD, HALVES, None, HALVE), MISMATCH, said="is_err"
    ),
    "a trait of the reference's own": Row(
        _answer(YES + NEVER_ODD, HALVES, None, YES + NEVER_ODD), PASS, (("odd", True), ("even", True))
    ),
    "a type named like std's": Row(
        _answer(OWN_RESULT, HALVES, HALVE.replace("n / 2)", "n / 2);"), HALVE), MISMATCH, said="type of its own"
    ),
    "a type named like std's beside it": Row(
        _answer("pub struct Vec;\n" + ADD, ADDS.replace("fn adds() {", "fn adds() { Vec::<u8>::new();"), BROKEN, ADD + "// Vec\n"),
        PASS, _ADDS,
    ),
    "a function named like std's": Row(
        _answer(ODD_OK, HALVES.replace(".ok(), Some(2)", ", Ok(2)"), None, HALVE), FAIL, (("odd", True), ("even", False))
    ),
    "a function named like a macro": Row(
        _answer("pub fn assert_eq<T>(_: T, _: T) {}\n" + SUBTRACT), FAIL, _NOT
    ),
    "another macro under its name": Row(_answer("pub use std::stringify as assert_eq;\n" + SUBTRACT), FAIL, _NOT),
    "an alias of a primitive": Row(_answer("pub type i32 = i64;\npub fn add(a: i32, b: i32) -> i32 { a + b }\n"), MISMATCH),
    # private items
    "tests of private items": Row(_answer(_INSIDE_KNOWN, SEES_PRIVATE, PRIVATE + BROKEN, _INSIDE_KNOWN), PASS, _ADDS),
    "tests of private items, wrong": Row(
        _answer(PRIVATE + SUBTRACT, SEES_PRIVATE, PRIVATE + BROKEN, _INSIDE_KNOWN), FAIL, _NOT
    ),
    "tests of private items, another type": Row(
        _answer(_INSIDE_KNOWN.replace("i32", "i64"), SEES_PRIVATE, PRIVATE + BROKEN, _INSIDE_KNOWN), MISMATCH
    ),
    "tests of private items, with mains about": Row(
        _answer(
            "mod run {\n    pub fn main() {}\n}\n" + _INSIDE_KNOWN + "pub fn text() -> &'static str {\n    \"\nfn main() {\n\"\n}\n",
            SEES_PRIVATE, PRIVATE + BROKEN, _INSIDE_KNOWN,
        ),
        PASS, _ADDS,
    ),
    "an item hidden from the tests": Row(
        _answer(POINT.replace("pub x", "x") + TABLED, ADDS_POINT, POINT + BROKEN, POINT + ADD), MISMATCH
    ),
    "an item as it should be": Row(_answer(POINT + ADD, ADDS_POINT, POINT + BROKEN, POINT + ADD), PASS, _ADDS),
    # types
    "i64": Row(_answer(ADD.replace("i32", "i64")), MISMATCH, said="changed its type"),
    "Option": Row(
        _answer("pub fn add(a: i32, b: i32) -> Option<i32> { Some(a + b) }\n", ADDS.replace("3)", "3.into())")),
        MISMATCH, said="changed its type",
    ),
    "the type was the mistake": Row(_answer(ADD.replace("i32", "i64"), original=ADD.replace("-> i32", "-> u8")), PASS, _ADDS),
    "nobody knows the type": Row(_answer(ADD.replace("i32", "i64"), reference=None), PASS, _ADDS),
    "a function that takes a name of ours": Row(
        _answer(ADD + "pub fn pins() {}\n", original=BROKEN + "pub fn pins() {}\n", reference=ADD + "pub fn pins() {}\n"),
        PASS, _ADDS,
    ),
    # random calls
    "a table": Row(_answer(TABLED), FAIL, _ADDS, "add("),
    "a table, and nothing to compare with": Row(_answer(TABLED, reference=None), PASS, _ADDS),
    "right three times": Row(_answer(FLIPS), FAIL, _ADDS, "than the reference"),
    "no tests, and another result": Row(_answer(SUBTRACT, ""), FAIL, said="than the reference"),
    "no tests, and the same results": Row(_answer(ADD.replace("a + b", "b + a"), ""), PASS),
    "no tests, and no original": Row(_answer(SUBTRACT, "", None), FAIL, said="than the reference"),
    "no tests, and no reference to be had": Row(
        _answer(ADD, "", reference=BROKEN), Outcome.INFRA_ERROR, said="the reference itself is judged COMPILE_ERROR"
    ),
    "other words in a string only": Row(
        _answer(ANSWER.replace("surely", "maybe"), ANSWERS, ANSWER.replace("})", "});"), ANSWER),
        FAIL, (("short", True),), "answer(",
    ),
    # the tests a second time
    "right once, and nothing to compare with": Row(_answer(ONCE, reference=None), FAIL, _ADDS, "adds passes at first"),
    "right once, tests inside": Row(
        _answer(PRIVATE + ONCE, SEES_PRIVATE, PRIVATE + BROKEN, None), FAIL, _ADDS, "adds passes at first"
    ),
    "right once, tests of a macro": Row(
        _answer(ONCE.replace("< 1", "< 4"), SAFE_MACRO, reference=None), FAIL,
        (("large", True), ("overflows", True), ("overflows_otherwise", True), ("small", True)), "small passes at first",
    ),
    "numbers, as the original says": Row(
        _answer(NUMBERS, NUMBERED, NUMBERS.replace("u32 {", "u8 {"), None), PASS, (("first", True),)
    ),
    "numbers, as the reference says": Row(
        _answer(BY_A_THREAD, NUMBERED, "pub fn number() -> u32 {\n}\n", NUMBERS), PASS, (("first", True),)
    ),
    "numbers, as the reference says inside": Row(
        _answer(STEP + BY_A_THREAD, NUMBERED.replace(", 1)", ", from())"), STEP + "pub fn number() -> u32 {\n}\n", STEP + NUMBERS),
        PASS, (("first", True),),
    ),
    "numbers that the reference does not make": Row(
        _answer(NUMBERS, NUMBERED, "pub fn number() -> u32 {\n}\n", "pub fn number() -> u32 {\n    1\n}\n"),
        FAIL, (("first", True),), "first passes at first",
    ),
    "tests that count themselves": Row(_answer(ADD, COUNTED, reference=None), PASS, (("sums", True),)),
    "panics where the reference does": Row(
        _answer(DIVIDE.replace("a / b", "a.checked_div(b).unwrap()"), DIVIDES, DIVIDE.replace("b\n", "b;\n"), DIVIDE),
        PASS, (("divides", True),),
    ),
    "does not panic where the reference does": Row(
        _answer(DIVIDE.replace("a / b", "a.checked_div(b).unwrap_or(7)"), DIVIDES, DIVIDE.replace("b\n", "b;\n"), DIVIDE),
        PASS, (("divides", True),),
    ),
    "panics where the reference does not": Row(
        _answer(DIVIDE.replace("a / b", "assert!(a > 0); a / b"), DIVIDES, DIVIDE.replace("b\n", "b;\n"), DIVIDE),
        FAIL, (("divides", True),), "divide(",
    ),
    "a reference without an order": Row(
        _answer(IN_ORDER, COUNTS, IN_ORDER.replace("seen\n}", "seen;\n}"), DISTINCT), PASS, (("one", True),)
    ),
    "a reference without an end": Row(_answer(ADD, reference=ENDLESS), PASS, _ADDS),
    # what main prints
    "prints it": Row(Case(HELLO, stdout="hello\n"), PASS),
    "prints no line's end": Row(Case(HELLO.replace("println", "print"), stdout="hello\n"), FAIL, said="something else"),
    "prints a line's end more": Row(Case(HELLO, stdout="hello"), FAIL, said="something else"),
    "prints it and fails": Row(
        Case('fn main() -> Result<(), u8> {\n    println!("hello");\n    Err(1)\n}\n', stdout="hello\n"), FAIL, said="exit 1"
    ),
    "prints it elsewhere": Row(Case(HELLO.replace("println", "eprintln"), stdout="hello\n"), FAIL),
    "prints without end": Row(Case(HELLO.replace("println", "loop { println").replace(";", "; }"), stdout="hello\n"), Outcome.OUTPUT_LIMIT),
    "has no main": Row(Case(ADD, stdout="hello\n"), COMPILE_ERROR),
    "prints unsafely": Row(Case("fn main() { unsafe { } }\n", stdout=""), REJECTED, said="unsafe"),
    # every kind of test; those that only the compiler can name come by their paths
    "nested modules": Row(
        _answer(ADD, NESTED), PASS, (("adds", True), ("more::adds_more", True), ("more::most::adds_most", True))
    ),
    "nested modules, wrong": Row(
        _answer(ADD.replace("a + b", "a * b + 1"), NESTED), FAIL,
        (("adds", True), ("more::adds_more", True), ("more::most::adds_most", False)),
    ),
    "bare functions": Row(_answer(ADD, BARE), PASS, (("adds", True), ("adds_again", True))),
    "bare functions, wrong": Row(_answer(TABLED, BARE), FAIL, (("adds", True), ("adds_again", False))),
    "tests of a macro": Row(
        _answer(ADD, BY_MACRO), FAIL,
        (("large", True), ("overflows", True), ("overflows_otherwise", False), ("small", True)),
    ),
    "tests of a macro, all right": Row(
        _answer(ADD, SAFE_MACRO), PASS,
        (("large", True), ("overflows", True), ("overflows_otherwise", True), ("small", True)),
    ),
    "tests of a macro, another type": Row(_answer(ADD.replace("i32", "i64"), SAFE_MACRO.replace("i32::MAX", "2147483647")), MISMATCH),
    "tests of a macro, private items": Row(
        _answer(_INSIDE_KNOWN, SAFE_MACRO.replace("small: 1", "small: step()"), PRIVATE + BROKEN, _INSIDE_KNOWN), PASS,
        (("large", True), ("overflows", True), ("overflows_otherwise", True), ("small", True)),
    ),
    "tests of a macro, a table": Row(
        _answer(
            "pub fn add(a: i32, b: i32) -> i32 {\n    if a == 1000 { 1007 } else if b == 2 { 3 } else { a + b + b - b }\n}\n",
            SAFE_MACRO,
        ),
        FAIL, (("large", True), ("overflows", True), ("overflows_otherwise", True), ("small", True)), "add(",
    ),
    "tests of a feature": Row(_answer(ADD, BY_FEATURE), PASS, (("adds_light", True), ("adds", True))),
    "ignored tests": Row(_answer(ADD, IGNORES), PASS, _ADDS),
    # programs that hold their tests
    "holds its tests": Row(_answer(HOLDS, "", HOLDS_BROKEN, HOLDS), PASS, (("adds", True), ("adds_negative", True))),
    "holds its tests, wrong": Row(
        _answer(HOLDS.replace("a + b\n", "(a + b).abs()\n"), "", HOLDS_BROKEN, HOLDS), FAIL,
        (("adds", True), ("adds_negative", False)),
    ),
    "holds its tests, broken": Row(_answer(HOLDS_BROKEN, "", HOLDS_BROKEN, HOLDS), COMPILE_ERROR),
    "a test is gone": Row(
        _answer(HOLDS.replace(_NEGATIVE, "    fn adds_negative() { assert_eq!(1, 1); }\n"), "", HOLDS_BROKEN, HOLDS),
        MISMATCH, _ADDS, "test gone: adds_negative",
    ),
    "a test says something else": Row(
        _answer(HOLDS.replace("a + b\n", "a - b\n").replace("2), 3)", "2), -1)").replace("-2), -3)", "-2), 1)"), "", HOLDS_BROKEN, HOLDS),
        MISMATCH, (("adds", True), ("adds_negative", True)), "changes a test",
    ),
    "the mistake is in a test": Row(
        _answer(
            HOLDS.replace("(0, 0), 0)", "(0, 0), 1 - 1)"), "", HOLDS.replace("(0, 0), 0)", "(0, 0), None)"),
            HOLDS.replace("(0, 0), 0)", "(0, 0), 0 + 0)"),
        ),
        PASS, (("adds", True), ("adds_negative", True)),
    ),
    "its own tests": Row(Case(HOLDS, own_tests=True), PASS, (("adds", True), ("adds_negative", True))),
    "its own tests, wrong": Row(
        Case(HOLDS.replace("a + b\n", "(a + b).abs()\n"), original=HOLDS_BROKEN, own_tests=True), FAIL,
        (("adds", True), ("adds_negative", False)),
    ),
    "its own tests, unasked": Row(Case(HOLDS, original=HOLDS_BROKEN), PASS),
    "an assert is gone": Row(
        _answer(HOLDS.replace("        assert_eq!(add(0, 0), 0);\n", ""), "", HOLDS_BROKEN, HOLDS), MISMATCH,
        said="asserts less",
    ),
    # editions
    "2015": Row(replace(_answer("use std::fmt::Debug;\nmod inner { use add; pub fn two() -> i32 { add(1, 1) } }\n" + ADD, original=None), edition="2015"), PASS, _ADDS),
    "2015, wrong": Row(replace(_answer(SUBTRACT), edition="2015"), FAIL, _NOT),
    "2015, another type": Row(replace(_answer(ADD.replace("i32", "i64")), edition="2015"), MISMATCH),
    "2018": Row(replace(_answer(ADD), edition="2018"), PASS, _ADDS),
    "async is a word of 2018": Row(replace(_answer("pub fn async() {}\n" + ADD), edition="2018"), COMPILE_ERROR),
    "async is a name of 2015": Row(replace(_answer("pub fn async() {}\n" + ADD), edition="2015"), PASS, _ADDS),
    "2024": Row(replace(_answer(ADD), edition="2024"), PASS, _ADDS),
    "gen is a word of 2024": Row(replace(_answer("pub fn gen() {}\n" + ADD), edition="2024"), COMPILE_ERROR),
    "gen is a name of 2021": Row(_answer("pub fn gen() {}\n" + ADD), PASS, _ADDS),
    # unsafe code
    "unsafe where the reference is": Row(_answer(BITS, SAME_BITS, BITS.replace("u32 {", "u8 {"), BITS), PASS, (("one", True),)),
    "unsafe where only the original is": Row(
        _answer(BITS, SAME_BITS, BITS.replace("u32 {", "u8 {"), "pub fn bits(x: f32) -> u32 {\n    x.to_bits()\n}\n"),
        COMPILE_ERROR,
    ),
    # a folder that holds nothing else
    "reads beside itself": Row(
        replace(_answer('const BESIDE: &str = include_str!("main.rs");\n' + ADD), original='const BESIDE: &str = include_str!("main.rs");\n' + BROKEN), PASS, _ADDS
    ),
    "reads its tests": Row(
        _answer('const TESTS: &str = include_str!("../main.rs");\n' + ADD, original='const TESTS: &str = include_str!("../main.rs");\n' + BROKEN), COMPILE_ERROR
    ),
    "reads the runtime": Row(
        _answer('const RUNTIME: &str = include_str!("../runtime/main.rs");\n' + ADD, original='const RUNTIME: &str = include_str!("../runtime/main.rs");\n' + BROKEN), COMPILE_ERROR
    ),
    "has a module in another file": Row(_answer("mod other;\n" + ADD, original="mod other;\n" + BROKEN), COMPILE_ERROR),
    "tests without a test": Row(_answer(ADD, "mod tests {}"), Outcome.INFRA_ERROR, said="#[test]"),
}  # fmt: skip


@pytest.fixture(scope="module")
def fresh() -> Iterator[Sandbox]:
    """A sandbox that has not judged anything yet."""
    with Sandbox.open() as opened:
        yield opened


@pytest.fixture(scope="module")
def verdicts(fresh: Sandbox) -> dict[str, Verdict]:
    """The table, judged in one go."""
    return dict(zip(TABLE, fresh.judge_many([row.case for row in TABLE.values()]), strict=True))


@pytest.mark.parametrize("name", TABLE)
def test_a_case_gets_its_verdict(verdicts: dict[str, Verdict], name: str) -> None:
    row, verdict = TABLE[name], verdicts[name]
    assert verdict.outcome is row.outcome, (verdict.detail, verdict.tests, verdict.diagnostics[:2])
    assert verdict.tests == row.tests
    assert row.said in verdict.detail


def test_many_at_once_get_what_each_gets_alone(sandbox: Sandbox, verdicts: dict[str, Verdict]) -> None:
    """In the order the other way round: what is remembered of one must not show in the next."""
    for name in list(reversed(TABLE))[1::3]:
        alone = sandbox.judge_many([TABLE[name].case])[0]
        together = verdicts[name]
        assert (alone.outcome, alone.tests) == (together.outcome, together.tests), (name, alone.detail)
        assert [item.message for item in alone.diagnostics] == [item.message for item in together.diagnostics], name


def test_the_batch_was_linked_together(verdicts: dict[str, Verdict]) -> None:
    """Two that stand together have the same share of one link; where the tests stand inside there is none."""
    assert verdicts["right"].stage_ms["link"] == verdicts["right in other words"].stage_ms["link"]
    assert "link" not in verdicts["tests of private items"].stage_ms
    assert set(verdicts["right"].stage_ms) == {"compile", "link", "run"}


def test_a_verdict_says_what_it_stands_on(verdicts: dict[str, Verdict]) -> None:
    """And where the second time was not asked for, or is not held against it, that it was not."""

    def said(name: str) -> tuple[tuple[tuple[str, int], ...], str, bool]:
        return verdicts[name].calls, verdicts[name].uncompared, verdicts[name].twice

    assert said("right in other words") == ((("add", 50),), "", True)
    assert said("right") == ((), "", False)  # the reference itself: its second time says nothing about it
    assert said("a table, and nothing to compare with") == ((), "", True)
    assert said("no tests, and the same results") == ((("add", 50),), "", False)
    assert said("numbers, as the reference says")[2] is False
    assert "does not end" in said("a reference without an end")[1]
    assert verdicts["panics where the reference does"].calls[0][1] < 50  # a panic is no result


def test_one_whose_tests_do_not_compile_spoils_none_beside_it(sandbox: Sandbox) -> None:
    good = [_answer(ADD + f"// {n}\nfn own_{n}() {{}}\n", reference=None) for n in range(20)]
    bad = _answer(ADD, ADDS.replace("add(1, 2)", "add(1, 2, 3)"), reference=None)
    found = sandbox.judge_many([*good[:9], bad, *good[9:]])
    assert [verdict.outcome for verdict in found] == [PASS] * 9 + [MISMATCH] + [PASS] * 11
    assert found[9].detail == "the tests do not compile against it"


def test_what_is_known_of_a_task_serves_its_next_candidate(sandbox: Sandbox) -> None:
    """The second is judged as strictly as the first, with fewer compilations: no harness outside, no reference."""
    inside, outside = TABLE["tests of private items"].case, TABLE["right in other words"].case
    for case, wrong, outcome in (
        (inside, PRIVATE + SUBTRACT, FAIL),
        (inside, inside.source.replace("i32", "i64"), MISMATCH),
        (outside, TABLED, FAIL),
    ):
        assert sandbox.judge_many([case])[0].passed
        known = dict(sandbox._judge._builder._inside), dict(sandbox._judge._returned)
        assert sandbox.judge_many([replace(case, source=wrong)])[0].outcome is outcome
        assert sandbox.judge_many([case])[0].passed
        assert (sandbox._judge._builder._inside, sandbox._judge._returned) == known


def test_who_hides_an_item_does_not_change_how_the_next_is_judged(sandbox: Sandbox) -> None:
    """It did: the tests of every later candidate stood inside then, where no calls are compared."""
    hidden, open_one = TABLE["an item hidden from the tests"].case, TABLE["an item as it should be"].case
    found = sandbox.judge_many([hidden, hidden])
    assert [verdict.outcome for verdict in found] == [MISMATCH, MISMATCH]
    assert sandbox.judge_many([replace(open_one, source=POINT + TABLED)])[0].outcome is FAIL
    assert sandbox.judge_many([open_one])[0].passed


def test_the_words_of_the_reference_are_not_called(fresh: Sandbox) -> None:
    """The reference itself, in whatever layout, runs its tests and nothing more."""
    before = dict(fresh._judge._returned)
    tests = ADDS.replace("adds()", "sums()")
    same = _answer("// mine\n" + ADD.replace("\n    ", " "), tests)
    assert fresh.judge_many([same])[0].passed
    assert fresh._judge._returned == before
    assert fresh.judge_many([replace(same, source=ADD.replace("a + b", "b + a"))])[0].passed
    assert len(fresh._judge._returned) == len(before) + 1


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("3", "3", True),
        ("3", "4", False),
        ('Err("no")', 'Err("division by zero")', True),
        ('Err("no")', "Ok(1)", False),
        ("Ok(0.1)", "Ok(0.10000000000000002)", True),
        ("Ok(0.1)", "Ok(0.1001)", False),
        ("-0.0", "0.0", True),
        ("[1.0, 2.0]", "[1.0]", False),
        ('"0.10"', '"0.1"', False),
        ("", "3", False),
    ],
)
def test_results_are_compared_as_a_caller_would(one: str, other: str, alike: bool) -> None:
    assert harness.alike(one, other) is alike


def test_what_is_no_text_is_refused_and_hurts_nobody_beside_it(sandbox: Sandbox) -> None:
    tests = "mod tests { use super::*; #[test] fn adds() { assert_eq!(add(1, 2), 3); } }"
    right = "pub fn add(a: i32, b: i32) -> i32 {\n    a + b\n}\n"
    found = sandbox.judge_many(
        [Case(right, tests), Case(right + "// \ud800\n", tests), Case(right, tests + "// \ud800")]
    )
    assert [verdict.outcome for verdict in found] == [PASS, REJECTED, Outcome.INFRA_ERROR]
    assert sandbox.check(right + "// \ud800\n").outcome is REJECTED


def test_an_impl_for_a_type_of_std_is_not_felt_by_a_neighbour(sandbox: Sandbox) -> None:
    """A second PartialEq for i32 anywhere in the crate, and `==` no longer says what parse makes."""
    felt = 'pub fn same(n: i32) -> bool {\n    n == "1".parse().unwrap()\n}\n'
    spoils = (
        "pub struct Zed(i32);\nimpl PartialEq<Zed> for i32 {\n    fn eq(&self, o: &Zed) -> bool { *self == o.0 }\n}\n"
    )
    assert sandbox.check(felt).passed
    assert all(verdict.passed for verdict in sandbox.check_many([felt, spoils, felt, spoils]))


def test_the_head_of_a_tests_file_may_speak_to_a_crate(sandbox: Sandbox) -> None:
    tests = "//! About.\n#![allow(unused)]\nmod tests { use super::*; #[test] fn adds() { assert_eq!(add(1, 2), 3); } }"
    assert sandbox.judge("pub fn add(a: i32, b: i32) -> i32 {\n    a + b\n}\n", tests).passed


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"N call 0 1\n",
        b"N call 0 1\nN call 2 1\n",
        b"N call 1 1\nN call 0 1\n",
        b"N call 0 1\nN call 0 1\nN call 1 1\n",
        b"N call 0 1\nN call 11\n",
        b"N call 0 1\nM call 1 1\n",
        b"N call 0 1\nN call 1 1\nN call 2 1\n",
    ],
)
def test_calls_that_are_not_all_reported_in_order_are_no_result(said: bytes) -> None:
    assert harness.returned(said, "N", 2) is None
    assert harness.returned(b"N 0 ok\nN call 0 Some(1)\nnoise\nN call 1\nN done 1\n", "N", 2) == ["Some(1)", ""]


def test_nothing_is_left_of_a_judgement(fresh: Sandbox, verdicts: dict[str, Verdict]) -> None:
    assert {path.name for path in fresh._root.iterdir()} == {"launcher", "runtime"}


def test_tests_see_what_the_program_imports_from_std_and_stay_outside(fresh: Sandbox) -> None:
    source = "use std::collections::HashMap;\npub fn empty() -> HashMap<u8, u8> { HashMap::new() }\n"
    tests = "#[test]\nfn works() { let m: HashMap<u8, u8> = HashMap::new(); assert_eq!(empty(), m); }\n"
    own = source.replace("HashMap::new() }", "let m = HashMap::new(); m }") + "pub struct Extra;\n"
    found = fresh.judge_many([_answer(text, tests, source, source) for text in (source, own)])
    assert [verdict.outcome for verdict in found] == [Outcome.PASS, Outcome.PASS]
    assert all("link" in verdict.stage_ms for verdict in found)


_TWICE = "pub fn twice(n: u8) -> u8 { n.wrapping_mul(2) }\n"
_CHEAT = "pub fn twice(n: u8) -> u8 { if n == 3 { 6 } else { 0 } }\n"
_SIX = "#[test]\nfn six() { assert_eq!(twice(3), 6); }\n"


@pytest.mark.parametrize(
    ("before", "tests"),
    [
        ("use std::fmt::{self, Display};\npub fn show(d: impl Display) -> String { fmt::format(format_args!(\"{d}\")) }\n", _SIX),
        ("mod alloc { pub struct Arena; }\nuse alloc::Arena;\npub fn arena() { let _ = Arena; }\n", _SIX),
        ("struct Item;\npub fn item() { let _ = Item; }\n",
         _SIX + "fn odd() -> impl Iterator<Item = u32> { [1].into_iter() }\n#[test]\nfn o() { assert_eq!(odd().count(), 1); }\n"),
        ("fn f(n: u8) -> u8 { n }\npub fn g(n: u8) -> u8 { f(n) }\n",
         _SIX + "#[test]\nfn each() { for (f, n) in [(twice as fn(u8) -> u8, 6)] { assert_eq!(f(3), n); } }\n"),
    ],
    ids=["self", "own alloc", "associated type", "bound by for"],
)  # fmt: skip
def test_what_a_task_imports_or_hides_does_not_spare_a_candidate_its_calls(
    fresh: Sandbox, before: str, tests: str
) -> None:
    right, wrong = before + _TWICE, before + _CHEAT
    found = fresh.judge_many([_answer(text, tests, right, right) for text in (wrong, right)])
    assert [verdict.outcome for verdict in found] == [Outcome.FAIL, Outcome.PASS]
    assert "something else than the reference" in found[0].detail


@pytest.mark.parametrize(
    ("source", "tests"),
    [
        ("use std::collections::HashMap;\npub fn none() -> HashMap<u8, u8> { HashMap::new() }\n",
         "use std::collections::HashMap;\n#[cfg(test)]\nmod tests { use super::*;\n#[test]\n"
         "fn n() { let m: HashMap<u8, u8> = none(); assert!(m.is_empty()); } }\n"),
        ("use std::mem::swap;\npub fn one(mut a: u8) -> u8 { let mut b = 1; swap(&mut a, &mut b); a }\n",
         "#[cfg(test)]\nfn swap() -> u8 { 1 }\n#[cfg(test)]\nmod tests { use super::*;\n#[test]\n"
         "fn n() { assert_eq!(one(2), swap()); } }\n"),
        ("use std::collections::{HashMap, HashSet};\npub fn n() -> HashMap<u8, HashSet<u8>> { HashMap::new() }\n",
         "#[cfg(test)]\nmod tests { use super::*;\n#[test]\nfn e() { assert_eq!(n(), HashMap::new()); } }\n"),
    ],
    ids=["tests import it too", "tests declare the name", "a list"],
)  # fmt: skip
def test_right_answers_pass_whatever_names_tests_and_program_share(fresh: Sandbox, source: str, tests: str) -> None:
    other = source.replace(
        "use std::collections::{HashMap, HashSet}", "pub use std::collections::HashSet; use std::collections::HashMap"
    )
    found = fresh.judge_many([_answer(text, tests, source, source) for text in {source, other}])
    assert [verdict.outcome for verdict in found] == [Outcome.PASS] * len(found)


def test_a_machine_that_fails_the_reference_spares_nobody_its_calls(fresh: Sandbox) -> None:
    """A run that cannot be started, once: no verdict is a label then, and the next candidate is compared again."""
    cases = [_answer(_CHEAT, _SIX, _TWICE + "// failed once", _TWICE + "// failed once")]
    run, failures = fresh._compiler.run, [OSError("no process can be started")]

    def failing(folder: Path, stdin: bytes) -> Finished:
        if b" calls " in stdin and failures:
            raise failures.pop()
        return run(folder, stdin)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fresh._compiler, "run", failing)
        first, second = fresh.judge_many(cases)[0], fresh.judge_many(cases)[0]
    assert (first.outcome, first.is_label) == (Outcome.INFRA_ERROR, False)
    assert second.outcome is Outcome.FAIL and "something else than the reference" in second.detail
