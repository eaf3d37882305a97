"""Tokens: all of a program but its comments and layout."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sleepy.koans.tokens import skeleton, tokens


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


def test_a_skeleton_is_the_same_under_other_names_numbers_and_texts_and_differs_by_a_misspelling() -> None:
    source = "fn add<'a>(left: &'a str, n: u32) -> u32 { let sum = n + 1; println!(\"{left}\"); sum }"
    other = "fn put<'x>(name: &'x str, k: u64) -> u64 { let all = k + 27; println!(\"to {name}\"); all } // done"
    assert skeleton(source) == skeleton(other)
    assert skeleton(source) != skeleton(source.replace("; sum }", "; sun }"))
    assert skeleton(source) != skeleton(source.replace("let sum", "let mut sum"))
    assert len(skeleton(source)) == len(tokens(source))
