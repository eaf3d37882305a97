"""Span edits: what is said of two texts turns the one into the other; what names no place is refused."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sleepy.daemon.model import edits
from sleepy.daemon.model.edits import Edit, EditError, EditKind
from sleepy.koans import library
from sleepy.koans.program import programs

_PROGRAMS = [item.source.rstrip("\n").split("\n") for item in programs() if item.source.count("\n") < 60]
_LINES = sorted({line for program in _PROGRAMS[:40] for line in program})


def _bare(text: str) -> list[str]:
    """The lines without what the format does not say: indentation and the width of gaps."""
    return [" ".join(line.split()) for line in text.split("\n")]


@st.composite
def changed(draw: st.DrawFn) -> tuple[str, str]:
    """A real program, and the same after a few edits of its lines."""
    lines = list(draw(st.sampled_from(_PROGRAMS)))
    before = "\n".join(lines)
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, len(lines) - 1))
        how = draw(st.sampled_from(["cut", "insert", "twice", "swap", "other", "shorten", "lengthen"]))
        words = lines[at].split(" ")
        if how == "cut" and len(lines) > 1:
            del lines[at]
        elif how == "insert":
            lines.insert(at, draw(st.sampled_from(_LINES)))
        elif how == "twice":
            lines.insert(at, lines[at])
        elif how == "swap":
            other = draw(st.integers(0, len(lines) - 1))
            lines[at], lines[other] = lines[other], lines[at]
        elif how == "other":
            lines[at] = draw(st.sampled_from(_LINES))
        elif how == "shorten":
            del words[draw(st.integers(0, len(words) - 1))]
            lines[at] = " ".join(words)
        else:
            words.insert(
                draw(st.integers(0, len(words))),
                draw(st.sampled_from(["&", "mut", "x.clone()", "?", ";", "->", "x", "1"])),
            )
            lines[at] = " ".join(words)
    return before, "\n".join(lines)


@given(changed())
def test_edits_between_two_texts_turn_one_into_the_other(pair: tuple[str, str]) -> None:
    before, after = pair
    assert _bare(edits.apply(before, edits.between(before, after))) == _bare(after)


@given(changed())
def test_edits_survive_being_written_down(pair: tuple[str, str]) -> None:
    before, after = pair
    found = edits.between(before, after)
    if found:
        assert edits.parse(edits.render(found)) == found


def test_equal_texts_need_no_edits() -> None:
    for program in _PROGRAMS[:20]:
        assert edits.between("\n".join(program), "\n".join("    " + line for line in program)) == []


def test_every_koan_of_the_exam_is_repaired_by_its_edits() -> None:
    for koan in library.exam():
        found = edits.between(koan.broken, koan.fixed)
        assert _bare(edits.apply(koan.broken, found)) == _bare(koan.fixed), koan.id


def test_an_edit_is_as_narrow_as_it_can_be_and_names_one_place() -> None:
    assert edits.between("    let a = s;", "    let a = s.clone();") == [Edit(1, EditKind.REPLACE, ";", ".clone();")]
    assert edits.between("f(a, a)", "f(a, &a)") == [Edit(1, EditKind.REPLACE, "a)", "&a)")]
    assert edits.between("a\nb", "a\nc;\nb") == [Edit(1, EditKind.INSERT, new="c;")]
    assert edits.between("a\nx y z\nb", "a\nb") == [Edit(2, EditKind.DELETE)]


@given(st.sampled_from(_LINES).filter(str.strip), st.data())
def test_a_place_is_where_the_text_stands_between_whole_tokens(line: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(line) - 1))
    end = data.draw(st.integers(start + 1, len(line)))
    text = line[start:end]
    found = edits.places(line, text)
    assert all(line[at : at + len(text)] == text for at in found)
    for at in found:
        before, last = line[at - 1 : at], line[at + len(text) : at + len(text) + 1]
        assert not ((before.isalnum() or before == "_") and (text[0].isalnum() or text[0] == "_"))
        assert not ((last.isalnum() or last == "_") and (text[-1].isalnum() or text[-1] == "_"))


def test_an_inserted_line_takes_its_indentation_from_where_it_lands() -> None:
    source = "fn f() {\n    a();\n}\n\nfn g() {\n}"
    lines = {
        0: "x();\nfn f() {",
        1: "fn f() {\n    x();\n",
        2: "    a();\n    x();\n",
        3: "}\nx();\n",
        4: "\nx();\nfn g",
        5: "fn g() {\n    x();\n}",
    }
    for line, after in lines.items():
        assert after in edits.apply(source, [Edit(line, EditKind.INSERT, new="x();")]), line
    body = [Edit(2, EditKind.INSERT, new=text) for text in ("if b {", "c();", "}")]
    assert "    a();\n    if b {\n        c();\n    }\n}" in edits.apply(source, body)


def test_every_number_speaks_of_the_text_before_any_edit() -> None:
    found = [
        Edit(1, EditKind.DELETE),
        Edit(2, EditKind.REPLACE, "b", "x"),
        Edit(2, EditKind.INSERT, new="y"),
        Edit(3, EditKind.DELETE),
    ]
    assert edits.apply("a\nb\nc\nd", found) == "x\ny\nd"


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Edit(9, EditKind.DELETE), "line 9 does not exist: the source has 2 lines"),
        (Edit(0, EditKind.DELETE), "line 0 does not exist"),
        (Edit(0, EditKind.REPLACE, "a", "b"), "line 0 does not exist"),
        (Edit(1, EditKind.REPLACE, "zzz", "b"), "'zzz' stands 0 times in line 1"),
        (Edit(1, EditKind.REPLACE, "a", "b"), "'a' stands 2 times in line 1"),
        (Edit(1, EditKind.REPLACE, "al", "b"), "stands 0 times"),
        (Edit(1, EditKind.REPLACE, "", "b"), "stands 0 times"),
    ],
)
def test_an_edit_that_names_no_place_or_several_is_refused(found: Edit, said: str) -> None:
    with pytest.raises(EditError) as caught:
        edits.apply("let a = a + all;\nb", [found])
    assert said in str(caught.value)


def test_a_line_is_not_both_removed_and_changed() -> None:
    with pytest.raises(EditError, match="both removed and changed"):
        edits.apply("a\nb", [Edit(1, EditKind.DELETE), Edit(1, EditKind.REPLACE, "a", "c")])


@pytest.mark.parametrize("answer", ["", "fn main() {}", " ⟪1⟫⊖", "⟪1⟫a", "⟪1⟫", "⟪1⟫⊖⟪2⟫a"])
def test_what_is_no_answer_is_refused(answer: str) -> None:
    with pytest.raises(EditError):
        edits.parse(answer)


@given(st.text(alphabet="⟪⟫⟦⟧→⊕⊖12ab \n", max_size=30))
def test_any_answer_is_applied_or_refused(answer: str) -> None:
    try:
        edits.apply("a\nb 1\nab", edits.parse(answer))
    except EditError as error:
        assert str(error)


@given(st.text(alphabet="⟪⟫⟦⟧→⊕⊖ab", min_size=1, max_size=12))
def test_code_cannot_imitate_the_formats_marks(text: str) -> None:
    assert edits.parse(edits.render([Edit(3, EditKind.REPLACE, text, text)])) == [
        Edit(3, EditKind.REPLACE, edits.plain(text), edits.plain(text))
    ]


def test_between_is_the_same_every_time() -> None:
    koan = random.Random(1).choice(library.exam())
    assert edits.between(koan.broken, koan.fixed) == edits.between(koan.broken, koan.fixed)
