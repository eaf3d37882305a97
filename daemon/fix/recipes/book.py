"""All recipes, by the error codes that they are for.

A recipe is a function of a text and one of its errors; it yields whole new texts, the likeliest first. They are
functions and no data: each changes several places of a syntax tree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sleepy.daemon.fix.recipes import (
    boxed,
    elements,
    ended,
    entry,
    kept,
    lasting,
    owned,
    shown,
    sized,
    taken,
    threads,
    totals,
    wrapped,
)
from sleepy.sandbox.verdict import Diagnostic

Recipe = Callable[[str, Diagnostic], Iterator[str]]

RECIPES: tuple[tuple[str, tuple[str | None, ...], Recipe], ...] = (
    ("a box around the recursive field", boxed.CODES, boxed.boxed),
    ("where Self: Sized", sized.CODES, sized.sized),
    ("Arc and a lock for threads", threads.CODES, threads.shared),
    ("the type of the sum", totals.CODES, totals.totalled),
    ("the value taken out of its place", taken.CODES, taken.taken),
    ("the map's entry", entry.CODES, entry.entered),
    ("each element converted", elements.CODES, elements.converted),
    ("the value as text", shown.CODES, shown.shown),
    ("an owned value returned", owned.CODES, owned.owned),
    ("a value that outlives its branch", lasting.CODES, lasting.lasting),
    ("a guard that ends before the await", ended.CODES, ended.ended),
    ("a newtype that has the trait", wrapped.CODES, wrapped.wrapped),
    ("a field that owns what it keeps", kept.CODES, kept.kept),
)


def proposals(source: str, error: Diagnostic) -> Iterator[tuple[str, str]]:
    """What each recipe is called, and a new text by it, each text once."""
    seen = {source}
    for name, codes, recipe in RECIPES:
        if error.code in codes:
            for text in recipe(source, error):
                if text not in seen:
                    seen.add(text)
                    yield name, text
