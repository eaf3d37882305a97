"""What the recipes make of broken programs, and whether it compiles: all programs of a file in two calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sleepy.daemon.fix.doubt import doubts
from sleepy.daemon.fix.recipes.book import proposals
from sleepy.sandbox.sandbox import Sandbox
from sleepy.sandbox.verdict import Diagnostic

Change = tuple[str, str]  # what stands there, and what is to


@dataclass(frozen=True)
class Cooked:
    """The texts that are proposed for a program, in their order, with the error of each and whether it compiles."""

    broken: str
    texts: list[str]
    errors: list[Diagnostic]
    compiles: list[bool]
    codes: list[str | None]  # of the program's own errors

    @property
    def first(self) -> str:
        """The first text that compiles."""
        return self.texts[self.compiles.index(True)]

    def doubts(self, text: str) -> tuple[str, ...]:
        return doubts(self.broken, text, errors=[self.errors[self.texts.index(text)]])


def cook(sandbox: Sandbox, programs: Mapping[str, str]) -> dict[str, Cooked]:
    said = sandbox.check_many(list(programs.values()))
    found: dict[str, dict[str, Diagnostic]] = {}
    for (name, broken), verdict in zip(programs.items(), said, strict=True):
        found[name] = {}
        for error in verdict.diagnostics:
            for _, text in proposals(broken, error):
                found[name].setdefault(text, error)
    verdicts = iter(sandbox.check_many([text for texts in found.values() for text in texts]))
    return {
        name: Cooked(
            programs[name],
            list(texts),
            list(texts.values()),
            [next(verdicts).passed for _ in texts],
            [each.code for each in verdict.diagnostics],
        )
        for (name, texts), verdict in zip(found.items(), said, strict=True)
    }


def changed(text: str, changes: Sequence[Change]) -> str:
    """A text with changes, each of which must have a place; one is made wherever its place is found."""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text
