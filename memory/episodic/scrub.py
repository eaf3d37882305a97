"""Scrubbing: takes a name and a task's texts out of rows that are kept, and out of what was remembered of the judge.

What a night recorded stays readable: a name becomes a placeholder wherever it stands, an answer shown under a
task's name goes. A verdict goes where it quotes a line of the text: judging again is all that costs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, delete, select, update

from sleepy.memory.episodic import stages as stage_rows
from sleepy.memory.episodic.tables import alias_moves, lessons, nights, stages, state, verdicts

_QUOTED = re.compile(r"^\s*\d*\s*\|\s?")  # the margin of a line that rustc shows
_TEST = re.compile(r"\bfn\s+(\w+)")
_SHORT = 8  # characters: shorter lines stand in every program
_SHOWN = "changed"  # under this key a stage keeps answers by task


@dataclass(frozen=True, slots=True)
class Scrub:
    """`names`: what each becomes. `shown`: tasks whose answers go where they are shown."""

    names: Mapping[str, str]
    shown: Collection[str] = ()
    _words: Mapping[str, re.Pattern[str]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        words = {name: re.compile(rf"(?<!\S){re.escape(name)}(?=[,.;:]?(?:\s|$))") for name in self.names}
        object.__setattr__(self, "_words", words)

    def value(self, value: Any) -> Any:
        """A JSON value without them."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.value(item) for item in value]
        if isinstance(value, dict):
            return {
                self.text(key): self._without(item) if key == _SHOWN else self.value(item)
                for key, item in value.items()
            }
        return value

    def text(self, text: str) -> str:
        """A text that is a name, or has one in it as words of its own."""
        if text in self.names:
            return self.names[text]
        for name, pattern in self._words.items():
            if name in text:
                text = pattern.sub(lambda _, name=name: self.names[name], text)  # type: ignore[misc]
        return text

    def _without(self, value: Any) -> Any:
        if isinstance(value, dict):
            value = {key: item for key, item in value.items() if key not in self.shown}
        return self.value(value)


def rows(connection: Connection, scrub: Scrub) -> set[int]:
    """Scrubs stages, nights, aliases' moves and the daemon's state; returns the row ids of the nights that changed."""
    changed: set[int] = set()
    for row in connection.execute(select(stages).where(stages.c.artefact.is_not(None))).all():
        artefact = scrub.value(json.loads(row.artefact))
        whole = stage_rows.canonical(artefact)
        if whole != row.artefact:
            changed.add(row.night_id)
            connection.execute(
                update(stages)
                .where(stages.c.night_id == row.night_id, stages.c.name == row.name)
                .values(artefact=whole, artefact_hash=stage_rows.hashed(artefact))
            )
        if (detail := scrub.text(row.detail)) != row.detail:
            here = stages.c.night_id == row.night_id, stages.c.name == row.name
            connection.execute(update(stages).where(*here).values(detail=detail))
    for row in connection.execute(select(nights.c.id, nights.c.reason, nights.c.decision_reasons)).all():
        reason, reasons = scrub.text(row.reason), scrub.value(row.decision_reasons)
        if (reason, reasons) != (row.reason, row.decision_reasons):
            changed.add(row.id)
            connection.execute(
                update(nights).where(nights.c.id == row.id).values(reason=reason, decision_reasons=reasons)
            )
    for row in connection.execute(select(alias_moves.c.id, alias_moves.c.reason)).all():
        if (reason := scrub.text(row.reason)) != row.reason:
            connection.execute(update(alias_moves).where(alias_moves.c.id == row.id).values(reason=reason))
    for row in connection.execute(select(state)).all():
        if (value := scrub.value(row.value)) != row.value:
            connection.execute(update(state).where(state.c.key == row.key).values(value=value))
    return changed


def restart(connection: Connection, unfinished: Iterable[int]) -> None:
    """Nights that are not over begin anew: their stages and lessons go."""
    for night in unfinished:
        connection.execute(delete(stages).where(stages.c.night_id == night))
        connection.execute(delete(lessons).where(lessons.c.night_id == night))


def judged(connection: Connection, texts: Iterable[str]) -> int:
    """Drops the remembered verdicts that quote a line of these programs; returns how many."""
    texts = list(texts)
    lines = {line for text in texts for raw in text.splitlines() if len(line := raw.strip()) >= _SHORT}
    tests = {name for text in texts for name in _TEST.findall(text)}
    if not lines:
        return 0
    gone = []
    for row in connection.execute(select(verdicts.c.key, verdicts.c.verdict)):
        verdict = json.loads(row.verdict) if isinstance(row.verdict, str) else row.verdict
        named = any(test[0].rpartition("::")[2] in tests for test in verdict.get("tests", ()))
        if named or any(quoted in lines for quoted in _quoted(verdict)):
            gone.append(row.key)
    for key in gone:
        connection.execute(delete(verdicts).where(verdicts.c.key == key))
    return len(gone)


def _quoted(value: Any) -> Iterator[str]:
    """Every line of every text in a verdict, as it stands and without the compiler's margin."""
    if isinstance(value, str):
        for line in value.splitlines():
            yield line.strip()
            yield _QUOTED.sub("", line).strip()
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _quoted(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _quoted(item)
