"""Changes by byte range: what is meant changes, and nothing else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sleepy.koans.syntax import ParsedSource, TextChange


@given(st.text(alphabet="ab \né→", max_size=30), st.data())
def test_changes_by_bytes_leave_the_rest_alone(text: str, data: st.DataObject) -> None:
    letters = list(text)
    start = data.draw(st.integers(0, len(letters)))
    end = data.draw(st.integers(start, len(letters)))
    in_bytes = len(text[:start].encode()), len(text[:end].encode())
    assert ParsedSource(text).changed([TextChange(*in_bytes, "é")]) == text[:start] + "é" + text[end:]


def test_several_changes_are_applied_where_they_were_meant() -> None:
    source = ParsedSource("fn f() { a(); b(); }")
    assert source.changed([TextChange(9, 10, "long_name"), TextChange(14, 15, "")]) == "fn f() { long_name(); (); }"
