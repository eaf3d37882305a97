"""Rust text as tokens: what is code and what is not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sleepy.sandbox.lexer import closed, lex

# texts that hide code from whoever reads them wrongly, with the tokens they are
_HIDING = [
    ("// unsafe\n", []),
    ("/* unsafe /* unsafe */ unsafe */", []),
    ('"unsafe // \\" unsafe"', ['""']),
    ('r"unsafe\\"', ['""']),
    ('r##"unsafe "# unsafe"##', ['""']),
    ('br#"unsafe"#', ['""']),
    ('cr"unsafe\\"', ['c""']),
    ('c"unsafe"', ['c""']),
    ("'\"'", ["'\"'"]),
    ("b'\\''", ["b'\\''"]),
    ("'\\u{1F600}'", ["'\\u{1F600}'"]),
    ("'a", ["'a"]),
    ("r#unsafe", ["unsafe"]),
    ("std::fs", ["std", "::", "fs"]),
    ("std::\u200efs\u200f", ["std", "::", "fs"]),
    ("x1.0", ["x1", ".", "0"]),
]
pieces = st.lists(st.sampled_from(_HIDING), max_size=8)


@given(pieces)
def test_tokens_of_pieces_apart_are_the_pieces_tokens(found: list[tuple[str, list[str]]]) -> None:
    assert lex("\n".join(text for text, _ in found)) == [token for _, tokens in found for token in tokens]


@given(st.text(alphabet=st.sampled_from("ab1 \n\"'\\/*#r(){}[]!:.c\u200eé"), max_size=60))
def test_any_text_has_tokens_and_none_is_white_space(text: str) -> None:
    tokens = lex(text)
    assert all(token.strip() for token in tokens)
    closed(text)


@given(pieces, pieces)
def test_what_is_closed_does_not_reach_into_its_neighbour(
    one: list[tuple[str, list[str]]], other: list[tuple[str, list[str]]]
) -> None:
    first, second = ("\n".join(text for text, _ in part) for part in (one, other))
    assert closed(first) and closed(second)
    assert lex(first + "\n" + second) == lex(first) + lex(second)


@given(st.text(alphabet="ab \n\"'\\/*#r(){}", max_size=30), st.text(alphabet="ab \n\"'\\/*#r(){}", max_size=30))
def test_two_closed_texts_are_closed_together(first: str, second: str) -> None:
    if closed(first) and closed(second):
        assert closed(first + "\n" + second)
        assert lex(first + "\n" + second) == lex(first) + lex(second)


def test_what_does_not_end_is_not_closed() -> None:
    for text in ("{", "}", "(]", "}{", '"', "'", "/*", "/* /* */", 'r#"x"', '" {', "fn f() { ( }"):
        assert not closed(text), text
    for text in ("{}", "([{}])", '"{"', "'{'", "/*{*/", "//{", 'r#"{"#', "&'a str"):
        assert closed(text), text


def test_what_is_hidden_from_one_edition_is_seen() -> None:
    assert lex('#!/bin/sh "\nx') == ["#!", "x"]
    assert lex("#![x]") == lex("\ufeff#! [x]") == ["#", "!", "[", "x", "]"]
    assert lex('cbr"\\" + "x') == ["cbr", '""', "x"]  # the string ends after its escaped quote
    assert lex('\u00e9r"\\" x') == ["\u00e9r", '"']
    assert lex('1r"x"') == ["1r", '""']
    assert lex("r#match r#impl impl") == ["match", "r#impl", "impl"]
    assert not closed("#!x")
