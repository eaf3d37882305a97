"""The words that names are drawn from."""

from __future__ import annotations

import pytest

from sleepy.koans.words import CONSTANTS, NOUNS, TYPES, VERBS

_RESERVED = frozenset(
    "as break const continue crate else enum extern false fn for if impl in let loop match mod move mut pub ref return "
    "self Self static struct super trait true type unsafe use where while async await dyn abstract become box do final "
    "macro override priv typeof unsized virtual yield try gen".split()
)


@pytest.mark.parametrize("words", [NOUNS, VERBS, TYPES, CONSTANTS])
def test_no_word_is_rusts_own(words: tuple[str, ...]) -> None:
    assert not _RESERVED & set(words)
    assert all(word.isidentifier() for word in words)
