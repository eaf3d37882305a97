"""The window: never more lines than the model has seen, and always the error's own."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sleepy.daemon.model import window
from sleepy.koans.program import programs
from sleepy.sandbox.verdict import Diagnostic, Replacement, Span, Suggestion

_SOURCES = [item.source.split("\n") for item in list(programs())[:60]]


@st.composite
def troubled(draw: st.DrawFn) -> tuple[list[str], Diagnostic]:
    """A file of one to eight programs, and an error anywhere in it with spans and suggestions all over."""
    lines = [line for part in draw(st.lists(st.sampled_from(_SOURCES), min_size=1, max_size=8)) for line in part]
    line = st.integers(1, len(lines))

    def span(primary: bool) -> Span:
        start = draw(line)
        return Span(start, min(len(lines), start + draw(st.integers(0, 60))), 1, 2, primary)

    spans = [span(False) for _ in range(draw(st.integers(0, 50)))]
    spans.insert(draw(st.integers(0, len(spans))), span(True))
    offers = [
        Suggestion("x", "Unspecified", (Replacement(at, 1, at, 1, "y"),)) for at in draw(st.lists(line, max_size=60))
    ]
    names = draw(st.lists(st.sampled_from(["Point", "new", "total", "f", "Error"]), max_size=3))
    return lines, Diagnostic("E0308", "error", " ".join(f"`{name}`" for name in names), tuple(spans), tuple(offers))


@given(troubled(), st.integers(1, 60))
def test_a_window_has_its_limit_and_the_primary_line(made: tuple[list[str], Diagnostic], limit: int) -> None:
    lines, error = made
    for bound, shown in (
        (window.LIMIT, window.chosen(lines, error)),
        (limit, window.chosen(lines, error, limit=limit)),
    ):
        assert len(shown) <= bound
        assert list(shown) == sorted(set(shown))
        assert set(shown) <= set(range(1, len(lines) + 1))
        assert error.primary is not None
        if bound >= 3:
            assert error.primary.line_start in shown
        touched = {span.line_start for span in error.spans}
        assert all(window.holds_code(lines[number - 1]) or number in touched for number in shown)


@given(troubled())
def test_a_window_is_full_where_there_is_code_enough(made: tuple[list[str], Diagnostic]) -> None:
    lines, error = made
    code = sum(window.holds_code(line) for line in lines)
    assert len(window.chosen(lines, error)) >= min(code, window.LIMIT)


def _error(line: int, message: str = "x") -> Diagnostic:
    return Diagnostic("E0000", "error", message, (Span(line, line, 1, 2, True),))


def test_a_short_program_is_shown_whole_without_comments_and_blank_lines() -> None:
    lines = ["// a comment", "fn f() {", "", "    x", "    // y", "}"]
    assert window.chosen(lines, _error(4)) == (2, 4, 6)


def test_a_comment_the_error_is_in_is_shown() -> None:
    assert window.chosen(["// a", "fn f() {}"], _error(1)) == (1, 2)


def test_a_long_program_is_shown_where_the_error_is_with_what_it_speaks_of() -> None:
    body = [f"        let a{n} = {n};" for n in range(100)]
    lines = [
        "use std::fmt;", "#[derive(Debug)]", "pub struct Point {", "    x: u8,", "}", *(f"// {n}" for n in range(20)),
        "impl Shape {", "    pub fn area(&self) {", *body, "    }", "}",
    ]  # fmt: skip
    at = lines.index("        let a90 = 90;") + 1
    shown = window.chosen(lines, _error(at, "no `Point` here"))
    assert len(shown) == window.LIMIT
    assert {lines[number - 1] for number in shown} >= {
        "use std::fmt;", "#[derive(Debug)]", "pub struct Point {", "    x: u8,", "impl Shape {",
        "    pub fn area(&self) {", "        let a90 = 90;", "        let a89 = 89;",
        "        let a91 = 91;",
    }  # fmt: skip


def test_an_error_past_the_last_line_still_has_a_window() -> None:
    assert window.chosen(["fn f() {"] * 50, _error(51))
    assert window.chosen(["fn f() {"], _error(2)) == (1,)
