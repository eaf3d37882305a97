"""Edits in the protocol's units: applied by an editor's rules, they make the one text the other."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types
from tests.daemon.editor.client import edited

from sleepy.daemon.editor.edits import lines, overlap, range_of, text_edits

_TEXTS = st.lists(st.sampled_from(["", "a", "é🦀b", "    x();", "}"]), max_size=6).flatmap(
    lambda parts: st.lists(st.sampled_from(["\n", "\r\n", "\r", "\n"]), min_size=len(parts), max_size=len(parts)).map(
        lambda ends: "".join(part + end for part, end in zip(parts, ends, strict=True))
    )
)


@given(_TEXTS, _TEXTS, st.sampled_from(["", "last 🦀"]), st.sampled_from(["", "last 🦀", "end"]))
def test_applied_edits_make_the_new_text(old: str, new: str, tail: str, other: str) -> None:
    found = text_edits(old + tail, new + other, "utf-16")
    assert edited(old + tail, found) == new + other
    assert bool(found) == (old + tail != new + other)
    assert all(one.range.end.line <= two.range.start.line for one, two in pairwise(found))


def test_only_what_changed_is_replaced() -> None:
    old = "fn f() {\n    let n = 0;\n    n += 1;\n}\n"
    (edit,) = text_edits(old, old.replace("let n", "let mut n"), "utf-16")
    assert edit == types.TextEdit(types.Range(types.Position(1, 0), types.Position(2, 0)), "    let mut n = 0;\n")


@pytest.mark.parametrize(("encoding", "start", "end"), [("utf-8", 8, 9), ("utf-16", 5, 6), ("utf-32", 4, 5)])
def test_columns_are_in_the_units_that_were_agreed_upon(encoding: str, start: int, end: int) -> None:
    text = "one\né🦀b n\n"
    assert range_of(text, 2, 5, 6, encoding) == types.Range(types.Position(1, start), types.Position(1, end))
    (edit,) = text_edits("🦀", "🦀\nb", encoding)
    assert edit.range.end.character == {"utf-8": 4, "utf-16": 2, "utf-32": 1}[encoding]


@pytest.mark.parametrize(
    ("line", "start", "end", "wanted"),
    [(1, 1, None, (0, 0, 3)), (9, 1, 2, (1, 0, 1)), (1, 9, 12, (0, 3, 3)), (1, 3, 1, (0, 2, 2))],
)
def test_a_place_beyond_the_text_is_cut(line: int, start: int, end: int | None, wanted: tuple[int, int, int]) -> None:
    found = range_of("one\r\ntwo", line, start, end, "utf-16")
    assert (found.start.line, found.start.character, found.end.character) == wanted
    assert range_of("", 3, 3, 4, "utf-16") == types.Range(types.Position(0, 0), types.Position(0, 0))


def test_lines_end_as_the_protocol_says_and_nowhere_else() -> None:
    assert lines("a\r\nb\rc\x0cd\u2028e\nf") == ["a\r\n", "b\r", "c\x0cd\u2028e\n", "f"]
    assert "".join(lines("\n\n")) == "\n\n" and lines("") == []


def test_a_cursor_at_the_end_of_a_range_touches_it() -> None:
    here = types.Range(types.Position(1, 4), types.Position(1, 8))
    cursor = types.Position(1, 8)
    assert overlap(here, types.Range(cursor, cursor)) and overlap(types.Range(cursor, cursor), here)
    assert not overlap(here, types.Range(types.Position(1, 9), types.Position(2, 0)))
