"""Where panics are planted, and what a run with them tells."""

from __future__ import annotations

from sleepy.daemon.fix.coverage import is_of_tests, met, places, planted, sections, untouched

_OLD = """use std::fmt;

pub struct Bill {
    pub sum: &str,
}

pub fn due(days: u32) -> u32 {
    let late = days;
    match late {
        0 => early(),
        _ => {
            charge(late);
            late
        }
    }
}

pub fn shown(
    days: u8,
) -> String {
    String::new()
}

macro_rules! twice {
    ($n:expr) => { $n + $n };
}

#[cfg(test)]
mod tests {
    #[test]
    fn is_due() {
        assert_eq!(super::due(3), 3);
    }
}
"""


def test_a_panic_is_planted_before_the_statement_that_changed() -> None:
    new = (
        _OLD.replace("= days;", "= days + 1;").replace("charge(late)", "charge(&late)").replace("days: u8", "days: u16")
    )
    found = places(_OLD, new)
    text = planted(new, found.found, first=7)
    lines = [line.strip() for line in text.split("\n") if "panic!" in line]
    assert [line.partition(" } ")[2] for line in lines[:2]] == ["let late = days + 1;", "charge(&late);"]
    assert met(text) == {7, 8, 9} and [place.line for place in found.found] == [8, 12, 19]
    assert text.index("planted at 9") > text.index("-> String {")


def test_an_arms_value_gets_a_block_and_what_is_in_no_function_or_in_a_test_no_place() -> None:
    found = places(_OLD, _OLD.replace("early()", "early_fee()"))
    text = planted(_OLD.replace("early()", "early_fee()"), found.found)
    assert "0 => { if " in text and " } early_fee() }," in text
    for old, new, elsewhere in [
        ("std::fmt", "std::fmt::Write", ()),
        ("&str", "String", (4,)),
        ("$n + $n", "$n * 2", (25,)),
        ("3), 3", "4), 4", ()),
    ]:
        nowhere = places(_OLD, _OLD.replace(old, new))
        assert (nowhere.found, nowhere.elsewhere) == ((), elsewhere)


def _said(*failed: tuple[str, str]) -> str:
    told = "".join(f"---- {name} stdout ----\n\nthread '{name}' (31) panicked at {words}\n\n" for name, words in failed)
    return f"failed: names\n\nrunning 3 tests\n\nfailures:\n\n{told}\nfailures:\n    names\n\ntest result: FAILED.\n"


def test_a_failure_that_stays_the_same_never_came_to_the_edits() -> None:
    before = _said(
        ("tests::rounds", "src/lib.rs:27:9:\nleft: 30\nnote: run with `RUST_BACKTRACE=1` to\n"),
        ("tests::sums", "src/lib.rs:9:9:\nleft: 3\nnote: run with `RUST_BACKTRACE=1`\n"),
    )
    after = _said(
        ("tests::rounds", "src/lib.rs:28:9:\nleft: 30\n"),
        ("tests::sums", "src/lib.rs:9:9:\nsleepy: planted at 0\n"),
        ("tests::else", "src/lib.rs:9:9:\nsleepy: planted at 0\n"),
    )
    assert untouched({"tests::rounds", "tests::sums", "tests::gone"}, before, after) == {"tests::rounds"}
    assert set(sections(before + before)) == {"tests::rounds", "tests::sums"}


def test_a_line_of_the_tests_is_known() -> None:
    text = "fn f() {}\n\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn t() {\n        f();\n    }\n}\n"
    assert [is_of_tests(text, line) for line in (1, 6, 7)] == [False, True, True]
