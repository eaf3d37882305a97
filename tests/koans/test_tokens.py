"""Tokens: all of a program but its comments and layout."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sleepy.koans.tokens import tokens


@given(st.text(alphabet="ab1 \n\"'/*#r_.:={}", max_size=60))
def test_tokens_leave_nothing_out_but_white_space_and_comments(text: str) -> None:
    found = tokens(text)
    assert all(token == token.strip() or token[0] in "\"'rb" for token in found)
    if "/" not in text:
        assert "".join("".join(found).split()) == "".join(text.split())


def test_comments_and_layout_are_no_tokens() -> None:
    assert tokens("a /* b /* c */ */ d // e\nf") == ("a", "d", "f")
    assert tokens("a-> b=>c ..= 'x' 'a \"// no\"") == ("a", "->", "b", "=>", "c", "..=", "'x'", "'a", '"// no"')
    assert tokens("/* open") == ()
