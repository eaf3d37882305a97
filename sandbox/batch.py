"""Sixteen programs as modules of one check, with the verdicts and words single checks would give.

A batch is repeated without the programs that failed until what is left compiles. A failed program's
diagnostics are taken from the batch only when the single check would say the same: the canary
module at the end proves that every phase of the compiler ran, and codes whose suggestions look
around for other items (a neighbour's!) are asked again alone. Lints run only where nothing failed, so
the programs without a word are checked once more, without the canary. A program whose brackets,
strings or comments do not end within it could end its neighbour's: it is checked alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sleepy.sandbox.lexer import closed
from sleepy.sandbox.verdict import Diagnostic, Replacement, Span, Suggestion

SIZE = 16
_CANARY = "mod canary { pub fn f() { let s = String::new(); drop(s); drop(s); } }"
# what cannot stand in a module, or would mean something else there
_ALONE = re.compile(r"#!|\bcrate\b|\bmacro_rules\b|\bextern\b|\bmod\s+\w+\s*;|\binclude|\bsuper\b|\bpub\s*\(")
_MODULE = re.compile(r"\bk\d+::|\bcanary\b")
_LOOKS_AROUND = frozenset(
    "E0404 E0405 E0407 E0408 E0412 E0422 E0423 E0424 E0425 E0432 E0433 E0531 E0532 E0574 E0576 E0599 E0277 "
    "E0369 E0119 E0117 E0282 E0283 E0271 E0275".split()
)


def may_share(source: str, edition: str = "2021") -> bool:
    """Whether the program can be checked as a module beside others. Paths of 2015 start at the crate's root."""
    return edition != "2015" and source.isascii() and _ALONE.search(source) is None and closed(source)


@dataclass(frozen=True, slots=True)
class Batch:
    """One file of modules; `starts` are the lines before each module's first."""

    text: str
    starts: tuple[int, ...]
    end: int


def compose(sources: Sequence[str], *, canary: bool = True) -> Batch:
    """Modules k0, k1, ... each on lines of its own, then the canary."""
    parts, starts, line = ["fn main() {}"], [], 1
    for i, source in enumerate(sources):
        parts.append(f"mod k{i} {{")
        starts.append(line + 1)
        parts.append(source)
        parts.append("}")
        line += 2 + source.count("\n") + 1
    if canary:
        parts.append(_CANARY)
    return Batch("\n".join(parts), tuple(starts), line)


@dataclass(frozen=True, slots=True)
class Split:
    """Diagnostics by program; `whole` says that every phase of the compiler ran."""

    by_program: dict[int, list[Diagnostic]]
    whole: bool
    stray: bool  # a diagnostic that belongs to no program


def split(batch: Batch, found: Sequence[Diagnostic]) -> Split:
    """Each diagnostic to the program its primary span is in, with that program's own line numbers."""
    by_program: dict[int, list[Diagnostic]] = {}
    whole = stray = False
    for item in found:
        primary = item.primary
        if primary is None:
            stray = True
            continue
        if primary.line_start > batch.end:
            whole = whole or item.code == "E0382"
            stray = stray or item.code != "E0382"
            continue
        owner = max((i for i, start in enumerate(batch.starts) if start < primary.line_start), default=-1)
        if owner < 0:
            stray = True
            continue
        last = batch.starts[owner + 1] - 1 if owner + 1 < len(batch.starts) else batch.end
        by_program.setdefault(owner, []).append(_shifted(item, batch.starts[owner], last))
    return Split(by_program, whole, stray)


def trustworthy(found: Sequence[Diagnostic], *, exact: bool = True) -> bool:
    """Whether a single check would say the same of this program; without `exact`, nearly the same."""
    if any(_names_a_module(item) for item in found):
        return False
    return not exact or not any(item.code is None or item.code in _LOOKS_AROUND for item in found)


def _names_a_module(item: Diagnostic) -> bool:
    """Whether a message names a batch module: the path of a neighbour's type, or one of its own in full."""
    words = [item.message, *(span.label for span in item.spans), *item.notes]
    words += [part.text for offer in item.suggestions for part in offer.replacements]
    return any(_MODULE.search(word) for word in words)


def _shifted(item: Diagnostic, start: int, last: int) -> Diagnostic:
    def inside(first: int, end: int) -> bool:
        return start < first and end <= last

    spans = tuple(
        Span(
            span.line_start - start, span.line_end - start, span.column_start, span.column_end,
            span.is_primary, span.label, span.text,
        )
        for span in item.spans
        if inside(span.line_start, span.line_end)
    )  # fmt: skip
    suggestions = tuple(
        Suggestion(
            offer.message,
            offer.applicability,
            tuple(
                Replacement(
                    part.line_start - start,
                    part.column_start,
                    part.line_end - start,
                    part.column_end,
                    part.text,
                )
                for part in offer.replacements
            ),
        )
        for offer in item.suggestions
        if all(inside(part.line_start, part.line_end) for part in offer.replacements)
    )
    return replace(item, spans=spans, suggestions=suggestions, rendered="")
