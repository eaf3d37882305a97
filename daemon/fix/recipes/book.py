"""All recipes, by the error codes that they are for.

A recipe is a function of a text and one of its errors; it yields whole new texts, the likeliest first. They are
functions and no data: each changes several places of a syntax tree, and some of several files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from pathlib import Path

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

_HERE = Path()

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


WideRecipe = Callable[[Mapping[Path, str], Path, Diagnostic], Iterator[dict[Path, str]]]

WIDE: Mapping[Recipe, WideRecipe] = {kept.kept: kept.kept_in_files}  # recipes that can follow a name into other files


def proposals(source: str, error: Diagnostic) -> Iterator[tuple[str, str]]:
    """What each recipe is called, and a new text by it, each text once."""
    for name, texts in proposals_in_files(_HERE, source, dict, error):
        yield name, texts[_HERE]


def proposals_in_files(
    file: Path, source: str, others: Callable[[], Mapping[Path, str]], error: Diagnostic
) -> Iterator[tuple[str, dict[Path, str]]]:
    """What each recipe is called, and the new texts by it: where other files are concerned first those of all."""
    seen: set[tuple[tuple[Path, str], ...]] = {((file, source),)}
    for name, codes, recipe in RECIPES:
        if error.code not in codes:
            continue
        wide = WIDE.get(recipe)
        whole = wide({**others(), file: source}, file, error) if wide is not None else iter(())
        for texts in chain((each for each in whole if set(each) != {file}), ({file: t} for t in recipe(source, error))):
            key = tuple(sorted(texts.items()))
            if key not in seen:
                seen.add(key)
                yield name, texts
