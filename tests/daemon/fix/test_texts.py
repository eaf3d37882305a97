"""Texts to work on and texts to write: marks and line ends come back as they were, line by line."""

from __future__ import annotations

from pathlib import Path

import pytest

from sleepy.daemon.fix.texts import FileTexts, unchanged

_FILE = Path("a.rs")


@pytest.mark.parametrize(
    ("was", "told", "new", "written"),
    [
        ("a\nb\n", "a\nb\n", "a\nB\n", "a\nB\n"),
        ("a\r\nb\r\n", "a\nb\n", "a\nB\nc\n", "a\r\nB\r\nc\r\n"),
        ("a\r\nb\nc\r\n", "a\nb\nc\n", "A\nb\nc\n", "A\r\nb\nc\r\n"),  # mixed: b keeps its own
        ("a\nb\nc\r\nd", "a\nb\nc\nd", "a\nB\nc\nd", "a\nB\nc\r\nd"),
        ("\ufeffa\nb\n", "a\nb\n", "x\nb\n", "\ufeffx\nb\n"),
        ("a\r\nb\nc", "a\nb\nc", "a\nb\n", "a\r\nb\n"),
    ],
)
def test_what_was_not_edited_keeps_its_bytes(tmp_path: Path, was: str, told: str, new: str, written: str) -> None:
    (tmp_path / _FILE).write_bytes(was.encode())
    texts = FileTexts(tmp_path)
    assert texts.read(_FILE) == told
    assert texts.as_read({_FILE: new}) == {_FILE: written}
    assert texts.as_read({_FILE: told}) == {_FILE: was}


def test_runs_of_unchanged_lines_name_both_places() -> None:
    old, new = "a b c d e".split(), "a x b c y e".split()
    runs = list(unchanged(old, new))
    assert [(i + a, i + b) for a, b, size in runs for i in range(size)] == [(0, 0), (1, 2), (2, 3), (4, 5)]
