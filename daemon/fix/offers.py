"""The compiler's suggestions as candidates, in another file where it suggests it there; each applied alone.

A derived trait that needs others is offered with them too: the compiler names them one by one, and each alone is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from sleepy.daemon.fix.ladder import Candidate, FileEdit, Problem
from sleepy.daemon.model import edits, prompt
from sleepy.sandbox.verdict import Replacement, Suggestion

APPLICABLE = ("MachineApplicable", "MaybeIncorrect", "Unspecified")  # with placeholders a suggestion is no program
MOST_OFFERS = 8  # of one error: rustc may offer a dozen imports of one name

_DERIVE = re.compile(r"#\[derive\((\w+)\)\]\s*")
_WITH = {
    "Eq": "PartialEq, Eq",
    "PartialOrd": "PartialEq, PartialOrd",
    "Ord": "PartialEq, Eq, PartialOrd, Ord",
    "Copy": "Clone, Copy",
}


def offered(problem: Problem) -> Iterator[Candidate]:
    """The suggestions that are programs, the surest first."""
    said = [*problem.error.suggestions, *problem.error.elsewhere]
    offers = [offer for offer in said if offer.replacements and offer.applicability in APPLICABLE]
    offers.sort(key=lambda offer: APPLICABLE.index(offer.applicability))
    offers = offers[:MOST_OFFERS]
    whole = [with_needed for each in offers if (with_needed := _with_needed(each)) is not None]
    texts: dict[Path, str] | None = None
    for offer in (*offers, *whole):
        if texts is None and any(each.file for each in offer.replacements):
            texts = dict(problem.others())
        candidate = _applied(problem, offer, texts or {})
        if candidate is not None:
            yield candidate


def _applied(problem: Problem, offer: Suggestion, texts: dict[Path, str]) -> Candidate | None:
    """A candidate with all parts of a suggestion; None where one is in a file that may not be edited."""
    parts: dict[str, list[Replacement]] = {}
    for each in offer.replacements:
        parts.setdefault(each.file, []).append(each)
    note = f"{offer.applicability}: {offer.message}"
    try:
        source = prompt.replaced(problem.source, tuple(parts.pop("", ())))
        old = {name: texts[Path(name)] for name in parts}
        more = tuple(FileEdit(Path(f), old[f], prompt.replaced(old[f], tuple(made))) for f, made in parts.items())
    except (edits.EditError, KeyError):
        return None
    return Candidate(source, note, more=more)


def _with_needed(offer: Suggestion) -> Suggestion | None:
    """A suggestion to derive a trait, with the traits that it needs."""
    only = offer.replacements[0]
    derived = _DERIVE.fullmatch(only.text)
    if len(offer.replacements) > 1 or derived is None or derived[1] not in _WITH:
        return None
    text = only.text.replace(f"({derived[1]})", f"({_WITH[derived[1]]})")
    return replace(offer, replacements=(replace(only, text=text),))
