"""The edit of one error carried over to others of its cause, on texts, without a compiler."""

from __future__ import annotations

import pytest

from sleepy.daemon.fix.sites import OneEdit
from sleepy.daemon.fix.transfer import BrokenSource
from sleepy.sandbox.verdict import Diagnostic, Span


def broken(text: str, under: str, code: str, message: str, label: str = "") -> BrokenSource:
    """A text with an error at the first place of some words."""
    line = text[: text.index(under)].count("\n") + 1
    row = text.split("\n")[line - 1]
    column = row.index(under) + 1
    span = Span(line, line, column, column + len(under), True, label, text=row)
    return BrokenSource(text, Diagnostic(code, "error", message, (span,)))


def edit(past: BrokenSource, old: str, new: str) -> OneEdit:
    found = OneEdit.of(past.error, past.source, past.source.replace(old, new, 1))
    assert found is not None
    return found


READ = broken("fn f(b: &Bin) -> u32 {\n    b.mass + 1\n}\n", "mass", "E0609", "no field `mass` on type `&Bin`")
RENAME = edit(READ, "mass", "grams")


@pytest.mark.parametrize(
    ("text", "under", "code", "message", "wanted"),
    [
        ("let n = bin.mass;", "mass", "E0609", "no field `mass` on type `Bin`", "let n = bin.grams;"),
        ("Bin { mass: 2 }", "mass", "E0560", "struct `Bin` has no field named `mass`", "Bin { grams: 2 }"),
        ("Bin { mass, id }", "mass", "E0560", "struct `Bin` has no field named `mass`", "Bin { grams: mass, id }"),
        ("let Bin { mass, .. } = b;", "mass", "E0026", "struct `Bin` does not have a field named `mass`",
         "let Bin { grams: mass, .. } = b;"),
    ],
)  # fmt: skip
def test_a_renamed_field_is_renamed_where_it_is_read_built_and_matched(
    text: str, under: str, code: str, message: str, wanted: str
) -> None:
    other = broken(text, under, code, message)
    assert RENAME.is_of(other) and next(RENAME.at(other)) == wanted


@pytest.mark.parametrize(
    ("text", "under", "code", "message"),
    [
        ("let n = crane.mass;", "mass", "E0609", "no field `mass` on type `Crane`"),  # another type
        ("let n = bin.size;", "size", "E0609", "no field `size` on type `Bin`"),  # another name
        ("let n: u8 = mass;", "mass", "E0308", "mismatched types"),  # another mistake
    ],
)
def test_what_is_of_another_name_or_type_keeps_its_own_search(text: str, under: str, code: str, message: str) -> None:
    assert not RENAME.is_of(broken(text, under, code, message))


_SHAPE = "expected tuple struct or tuple variant, found struct variant `{}`"


def test_the_same_words_are_replaced_by_the_same_and_other_names_only_where_the_edit_brings_none() -> None:
    rect = "match s {\n    S::Rect(wide, high) => drawn(wide, high),\n}\n"
    past = broken(rect, "S::Rect(wide, high)", "E0164", _SHAPE.format("S::Rect"))
    reshaped = edit(past, "(wide, high)", " { wide, high }")
    there = "match s {\n    S::Rect(wide, high) => wide * high,\n}\n"
    same = broken(there, "S::Rect(wide, high)", "E0164", _SHAPE.format("S::Rect"))
    assert reshaped.is_of(same) and "S::Rect { wide, high } => wide * high" in next(reshaped.at(same))
    ring = broken("match s {\n    S::Ring(r) => r,\n}\n", "S::Ring(r)", "E0164", _SHAPE.format("S::Ring"))
    assert reshaped.is_of(ring)
    brings = edit(past, "(wide, high)", " { w: wide, h: high }")
    assert brings.is_of(same) and not brings.is_of(ring)


def test_an_argument_that_a_function_wants_is_given_to_that_function_only() -> None:
    message = "this function takes 2 arguments but 1 argument was supplied"
    past = broken("let a = grown(2, );\n", "grown", "E0061", message)
    more = edit(past, "grown(2, )", "grown(2, scale)")
    assert more.is_of(broken("let b = grown(3, );\n", "grown", "E0061", message))
    assert not more.is_of(broken("let b = cut(3, );\n", "cut", "E0061", message))


def test_a_rewriting_is_no_edit() -> None:
    lines = "".join(f"let a{i} = b{i};\n" for i in range(6))
    assert OneEdit.of(READ.error, READ.source + lines, READ.source + lines.replace("= b", "= c")) is None
