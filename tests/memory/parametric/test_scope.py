from __future__ import annotations

import pytest

from sleepy.memory.parametric.scope import ALL, code_of, covers, is_signature, level, scopes

MOVED = "E0382:borrow of moved value@fn"
WORDS = "uncoded:expected one of `,` or `:`@fn"  # a colon in the message as well


def test_a_signature_is_covered_by_itself_its_code_and_all() -> None:
    assert scopes(MOVED) == (MOVED, "E0382", ALL)
    assert scopes(WORDS) == (WORDS, "uncoded", ALL)
    assert all(covers(scope, MOVED) for scope in scopes(MOVED))


@pytest.mark.parametrize("scope", ["E0381", "E0382:use of moved value@fn", "uncoded", "E038"])
def test_other_signatures_and_codes_do_not_cover_it(scope: str) -> None:
    assert not covers(scope, MOVED)


def test_levels_count_from_the_finest() -> None:
    assert [level(scope) for scope in scopes(MOVED)] == [0, 1, 2]
    assert [is_signature(scope) for scope in scopes(MOVED)] == [True, False, False]
    assert code_of("E0382") == "E0382"
