"""The user's own repairs as mistakes that can be made elsewhere: in the forge's programs, and in their functions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sleepy.daemon.tools.tools import Tools
from sleepy.koans.forge.mistakes import Mistake
from sleepy.koans.forge.repair import mistake_of
from sleepy.koans.forge.sources import KoanSource, of_mistakes
from sleepy.koans.program import Program
from sleepy.koans.syntax import ParsedSource
from sleepy.memory.episodic import recall

_NEWEST = 20  # repairs of a signature


@dataclass(frozen=True, slots=True)
class RepairedMistake:
    """A mistake that the user repaired: `signature` is what it led to there, `task` the digest of the repair's task."""

    mistake: Mistake
    signature: str
    task: str

    @property
    def origin(self) -> str:
        """That of the koans made by it."""
        return f"forge:{self.mistake.name}"


def repaired_mistakes(tools: Tools, signatures: Iterable[str]) -> list[RepairedMistake]:
    """The mistakes behind the newest repairs of these signatures, each shape once; those that fit nowhere else left out."""
    found: dict[tuple[str, str], RepairedMistake] = {}
    for name in sorted(set(signatures)):
        for fix in recall.developers(tools.db, name, limit=_NEWEST):
            mistake = mistake_of(fix.broken, fix.source)
            if mistake is not None:
                found.setdefault((name, mistake.name), RepairedMistake(mistake, name, fix.digest))
    return list(found.values())


def of_repairs(bases: Sequence[Program], repaired: Sequence[RepairedMistake]) -> list[KoanSource]:
    """A source for each that can be made in some of the programs."""
    out = []
    parsed = [(base, ParsedSource(base.source)) for base in bases] if repaired else []
    for item in {item.mistake.name: item for item in repaired}.values():
        fit = [base for base, source in parsed if next(item.mistake.places(source), None) is not None]
        out += of_mistakes(fit, [item.mistake])
    return out
