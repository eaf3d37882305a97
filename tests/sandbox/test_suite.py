"""Which functions are tests, and their text with nothing moved."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sleepy.sandbox import suite
from sleepy.sandbox.sandbox import Sandbox
from sleepy.sandbox.suite import NoTestsError, Test


def test_tests_are_named_without_their_first_module_and_found_by_their_whole_path() -> None:
    found = suite.parse(
        "#[cfg(test)]\nmod tests {\n    #[test]\n    fn a() {}\n    fn helper() {}\n"
        "    mod inner {\n        #[test]\n        fn b() -> Result<(), u8> { Ok(()) }\n    }\n}\n"
        "mod others {\n    #[test]\n    pub fn c() {}\n}\n"
    )
    assert found.tests == (
        Test("a", "tests::a", None),
        Test("inner::b", "tests::inner::b", None),
        Test("c", "others::c", None),
    )
    assert not found.native


def test_bare_functions_stand_in_a_module_that_sees_the_program() -> None:
    found = suite.parse("use std::fmt::Debug;\n#[test]\nfn a() {}\n\n#[test]\nfn b() {}\n")
    assert [(test.name, test.path) for test in found.tests] == [("a", "tests::a"), ("b", "tests::b")]
    assert "use super::*;" in found.within() and "use std::fmt::Debug;" in found.within()


@pytest.mark.parametrize(
    ("attributes", "panics"),
    [
        ("#[test]", None),
        ("#[test]\n#[should_panic]", '""'),
        ("#[should_panic]\n// in other words\n#[test]", '""'),
        ('#[test]\n#[should_panic(expected = "a \\"b\\"")]', '"a \\"b\\""'),
        ('#[test]\n#[should_panic = "short"]', '"short"'),
        ('#[test]\n#[should_panic(\n    expected = r#"a "b""#\n)]\n#[allow(unused)]', 'r#"a "b""#'),
    ],
)
def test_the_panic_that_is_expected_is_kept_as_it_is_written(attributes: str, panics: str | None) -> None:
    assert suite.parse(f"mod tests {{\n{attributes}\nfn a() {{}}\n}}").tests == (Test("a", "tests::a", panics),)


def test_ignored_tests_are_left_out_wherever_the_mark_stands() -> None:
    text = 'mod tests {\n#[ignore]\n#[test]\nfn a() {}\n#[test]\n#[ignore = "slow"]\nfn b() {}\n#[test]\nfn c() {}\n}'
    assert [test.name for test in suite.parse(text).tests] == ["c"]
    with pytest.raises(NoTestsError):
        suite.parse(text.replace("fn c", "#[ignore] fn c"))


@pytest.mark.parametrize("text", ["", "\n", "fn a() {}", "mod tests {}", "#[test]", "// #[test]\nfn a() {}", "mod a;"])
def test_a_text_without_a_test_is_refused(text: str) -> None:
    with pytest.raises(NoTestsError, match="#\\[test\\]"):
        suite.parse(text)


_TEST = "#[test]\nfn a() {}\n"


@pytest.mark.parametrize(
    ("text", "native"),
    [
        (f"#[cfg(test)]\nmod tests {{ {_TEST} }}", False),
        (f"#[cfg( test )]\nmod tests {{ {_TEST} }}", False),
        (f"mod tests {{ #[cfg(unix)]\nfn helper() {{}}\n{_TEST} }}", False),
        (f"mod tests {{ {_TEST} #[cfg(unix)]\nfn helper() {{}} }}", False),
        (f"#[cfg(unix)]\nmod helpers {{}}\nmod tests {{ {_TEST} }}", False),
        (f"mod tests {{ macro_rules! one {{ () => {{ 1 }} }} {_TEST} }}", False),
        (f"mod tests {{ #[cfg(unix)]\nconst ONE: u8 = 1;\n{_TEST} }}", False),
        (f"mod tests {{ #[cfg(test)]\nmod inner {{}}\n{_TEST} }}", False),
        (f"mod tests {{ #[cfg(test)]\n{_TEST} }}", False),
        (f"mod tests {{ #[cfg(unix)]\n{_TEST} }}", True),
        ("mod tests { #[test]\n#[cfg(unix)]\nfn a() {} }", True),
        ("mod tests { #[test]\n// so\n#[cfg_attr(unix, ignore)]\nfn a() {} }", True),
        (f"#[cfg(unix)]\nmod tests {{ {_TEST} }}", True),
        (f"#[cfg(all(test, unix))]\nmod tests {{ {_TEST} }}", True),
        (f"#[cfg(test)]\n/* so */\n#[cfg_attr(unix, allow(unused))]\nmod tests {{ {_TEST} }}", True),
        (f"mod tests {{ #[cfg(unix)]\nmod inner {{ {_TEST} }} }}", True),
        ("mod tests { macro_rules! one { ($n:ident) => { # [ test ] fn $n() {} } } one!(a); }", True),
        ("mod tests { sums! { #[test] fn a() {} } }", True),
    ],
)
def test_what_only_the_compiler_can_name_is_left_to_it(text: str, native: bool) -> None:
    found = suite.parse(text)
    assert found.native is native
    assert found.text == text
    assert bool(found.tests) is not native


def test_a_program_that_holds_its_tests_is_asked_for_them_by_name() -> None:
    program = "fn main() {}\n#[cfg(test)]\nmod tests { #[test]\nfn a() {}\n#[test]\nfn b() {} }"
    found = suite.embedded(program)
    assert [test.name for test in found.tests] == ["a", "b"]
    assert found.native and found.text == ""
    with pytest.raises(NoTestsError):
        suite.embedded("fn main() {}")


def test_the_crate_is_another_where_the_tests_stand_elsewhere() -> None:
    text = (
        "mod tests {\nuse crate::{a, b::c};\npub(crate) fn helper() -> crate::T { vec![crate::a()] }\n"
        'macro_rules! m { () => { $crate::a() } }\n#[test]\nfn one() { assert_eq!(crate::a(), "crate::a"); }\n}'
    )
    moved = suite.parse(text).within("crate::k7")
    assert "use crate::k7::{a, b::c};" in moved
    assert "-> crate::k7::T { vec![crate::k7::a()] }" in moved
    assert 'assert_eq!(crate::k7::a(), "crate::a")' in moved
    assert "pub(crate) fn helper" in moved and "$crate::a()" in moved


_ATTRIBUTES = st.sampled_from(
    ["#[test]", "#[test] // so", "#[ignore]", "#[should_panic]", '#[should_panic(\n\n  expected = "ö"\n)]', "#[allow(\nunused\n)]"]
)  # fmt: skip
_VISIBLE = st.sampled_from(["", "pub ", "pub(crate) ", "pub(super) ", "pub(in crate) "])
_LINES = st.sampled_from(
    ["", "// größer", "/* a\nb */", 'const S: &str = "\n#[test]\n→";', "use crate::a;", "#[cfg(test)]\nfn h() {}"]
)


@st.composite
def _texts(draw: st.DrawFn, depth: int = 0) -> str:
    """A module with tests, helpers and modules, each function's line marked."""
    parts = [draw(_LINES)]
    for _ in range(draw(st.integers(1, 3))):
        marks = "\n".join(draw(st.lists(_ATTRIBUTES, max_size=3, unique=True)))
        parts += [marks, draw(_VISIBLE) + "fn f() { crate::a(); } // here", draw(_LINES)]
        if depth < 2 and draw(st.booleans()):
            parts.append(draw(_texts(depth + 1)))
    head = draw(st.sampled_from(["", "#[cfg(test)]\n", "#[cfg(test)] ", "#[cfg(\ntest\n)]\n"])) + draw(_VISIBLE)
    return head + "mod m {\n" + "\n".join(parts) + "\n}"


@given(_texts(), st.sampled_from(["crate", "crate::k11"]))
def test_every_line_of_the_tests_keeps_its_number(text: str, root: str) -> None:
    try:
        found = suite.parse(text)
    except NoTestsError:
        return
    before, after = text.split("\n"), found.within(root).split("\n")
    assert len(before) == len(after)
    for one, other in zip(before, after, strict=True):
        assert one.endswith("// here") is other.endswith("// here")
        if not one.startswith(("#", "pub", "fn", "mod", "use")) and "expected" not in one and one not in (")]", "test"):
            assert one == other
    assert not found.native


def test_every_test_can_be_called_from_the_root(sandbox: Sandbox) -> None:
    """Whatever the modules' own visibility was, and with nothing left that only --test understands."""
    found = suite.parse(
        "#[cfg(test)]\nmod tests {\n    #[test]\n    pub(super) fn a() {}\n    #[test]\n    #[should_panic]\n    pub fn b() {}\n"
        "    pub(self) mod inner {\n        pub mod most {\n            #[test]\n            fn c() -> Result<(), u8> { Ok(()) }\n"
        "        }\n    }\n}\n"
    )
    calls = " ".join(f"let _ = k0::{test.path}();" for test in found.tests)
    assert sandbox.check(f"mod k0 {{\n{found.within('crate::k0')}\n}}\npub fn all() {{ {calls} }}\n").passed
