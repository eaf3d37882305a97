"""`sleepy exam`: how many koans a model repairs by itself, next to those that the compiler's suggestions repair.

The exam proper is one greedy answer. With more turns, the model continues from the program that a failed answer left;
with more samples, it is asked again at a temperature. Both are measures of their own. A koan that cannot be asked (no
diagnostic, or too long a prompt) is listed as skipped and counts as not passed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sleepy.daemon.attempt.attempt import (
    EXAM,
    TEMPERATURE,
    Judge,
    after,
    attempt,
    diagnose,
    fitting,
    judged_sources,
    rejudged,
)
from sleepy.daemon.attempt.suggestions import suggested
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.listener import Say, silent
from sleepy.daemon.base.pattern import fitted
from sleepy.daemon.base.text import plural
from sleepy.daemon.model.answerer import Answerer
from sleepy.daemon.report.report import rate
from sleepy.daemon.stats.intervals import wilson
from sleepy.koans import koan as files
from sleepy.koans import library, rows
from sleepy.koans.koan import Koan

_NAME = 66  # characters of a pattern in the table


@dataclass(slots=True)
class ExamResult:
    """An exam's results as ids of koans; `skipped` maps each koan that was not asked to the reason."""

    koans: tuple[Koan, ...]
    patterns: dict[str, str] = field(default_factory=dict)
    passed: set[str] = field(default_factory=set)
    suggested: set[str] = field(default_factory=set)
    unapplied: set[str] = field(default_factory=set)
    skipped: dict[str, str] = field(default_factory=dict)

    def groups(self, key: str) -> dict[str, tuple[int, int]]:
        """(passed, total) by `pattern` or `family`, the largest group first."""
        found: dict[str, tuple[int, int]] = {}
        for koan in self.koans:
            name = koan.family if key == "family" else self.patterns.get(koan.id, "not asked")
            passed, total = found.get(name, (0, 0))
            found[name] = (passed + (koan.id in self.passed), total + 1)
        return dict(sorted(found.items(), key=lambda item: (-item[1][1], item[0])))


def chosen(name: str) -> list[Koan]:
    """The koans of `exam`, `classics`, a JSONL or TOML file, or a folder of TOML files."""
    if name == "exam":
        return library.exam()
    if name == "classics":
        return library.classics()
    path = Path(name)
    if path.is_dir():
        found = library.load(path)
        if not found:
            raise UserError(f"no koan files in {path}", remedy="name a folder of *.toml files, or a JSONL file")
        return found
    if path.suffix == ".toml":
        return [files.read(path)]
    if not path.exists():
        raise UserError(
            f"no koans found at {name!r}", remedy="name `exam`, `classics`, a JSONL or TOML file, or a folder"
        )
    return rows.read(path)


def examine(
    koans: Sequence[Koan], model: Answerer, judge: Judge, *, turns: int = 1, samples: int = 1, say: Say = silent
) -> ExamResult:
    """Gives the koans to a model and to the compiler's suggestions, and returns the results."""
    out = ExamResult(tuple(koans))
    asked, unfit = diagnose(koans, judge)
    able, too_long = fitting(asked, model)
    out.skipped = {koan.id: why for koan, why in (*unfit, *too_long)}
    out.patterns = {item.koan.id: item.signature for item in asked}
    first = {item.koan.id: item for item in able}
    for number in range(samples):
        left = [item for item in able if item.koan.id not in out.passed]
        for turn in range(turns):
            done = []
            what = (
                "exam" + (f", sample {number + 1}" if samples > 1 else "") + (f", turn {turn + 1}" if turns > 1 else "")
            )
            for item in attempt(left, model, judge, temperature=TEMPERATURE if number else 0.0, chunk=EXAM):
                done.append(rejudged(item, first[item.diagnosis.koan.id], judge) if turn else item)
                say(what, len(done), len(left))
            out.passed |= {item.diagnosis.koan.id for item in done if item.passed}
            if turn == 0 and number == 0:
                out.unapplied = {item.diagnosis.koan.id for item in done if not item.source}
            left = [more for item in done if (more := after(item)) is not None]
    sources = suggested(asked, judge)
    compiled = [i for i, source in enumerate(sources) if source is not None]
    verdicts = judged_sources([asked[i] for i in compiled], [sources[i] or "" for i in compiled], judge)
    out.suggested = {asked[i].koan.id for i, verdict in zip(compiled, verdicts, strict=True) if verdict.passed}
    return out


def view(sitting: ExamResult) -> RenderableType:
    """The results as a table for people."""
    count = len(sitting.koans)
    rates = Table.grid(padding=(0, 2))
    for name, ids in (
        ("the model alone", sitting.passed),
        ("the compiler's suggestions", sitting.suggested),
        ("either", sitting.passed | sitting.suggested),
    ):
        rates.add_row(name, rate(len(ids), count))
    tables: list[RenderableType] = []
    for key in ("family", "pattern"):
        table = Table(key, "passed", box=None, pad_edge=False)
        groups = sitting.groups(key)
        named = fitted(groups, _NAME)
        for name, (passed, total) in groups.items():
            table.add_row(Text(named[name], overflow="ellipsis", no_wrap=True), f"{passed} of {total}")
        tables += [Text(), table]
    notes = [Text(f"skipped {name}: {why}") for name, why in sitting.skipped.items()]
    if sitting.unapplied:
        notes.append(Text(f"{plural(len(sitting.unapplied), 'answer')} could not be applied"))
    return Group(rates, *tables, *([Text(), *notes] if notes else []))


def line(sitting: ExamResult) -> str:
    """The results as one line of JSON."""
    count = len(sitting.koans)
    low, high = wilson(len(sitting.passed), count)
    order = [koan.id for koan in sitting.koans]
    figures: dict[str, Any] = {
        "n": count,
        "passed": len(sitting.passed),
        "interval": [round(low, 4), round(high, 4)],
        "by_pattern": {name: list(pair) for name, pair in sitting.groups("pattern").items()},
        "by_family": {name: list(pair) for name, pair in sitting.groups("family").items()},
        "ids_passed": [name for name in order if name in sitting.passed],
        "suggestions_passed": len(sitting.suggested),
        "ids_suggestions_passed": [name for name in order if name in sitting.suggested],
        "union_passed": len(sitting.passed | sitting.suggested),
        "not_applicable": len(sitting.unapplied),
        "skipped": sitting.skipped,
    }
    return json.dumps(figures, ensure_ascii=False)
