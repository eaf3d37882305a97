"""The part of an unfinished repair that is certain: its steps that leave fewer errors and no new ones, each checked.

A step with doubts, one that new errors followed, and one at whose lines an error is left are taken out; those that came
after it are made again without it, and checked again.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sleepy.daemon.fix import grade as grading
from sleepy.daemon.fix.ladder import CandidateGrade, Problem, TriedCandidate
from sleepy.sandbox.package import FileDiagnostic
from sleepy.sandbox.workspace_result import Checked

_AROUND = 2  # lines that must stand around a change where it is made again


class Step(Protocol):
    """A repair: what it is of, and how it came out."""

    @property
    def complaint(self) -> FileDiagnostic: ...

    @property
    def problem(self) -> Problem: ...

    @property
    def trial(self) -> TriedCandidate: ...


@dataclass(frozen=True, slots=True)
class Certain:
    """The edits that are certain, and what the compiler says with them."""

    edits: Mapping[Path, str]
    checked: Checked
    errors: int = 0  # how many are repaired


def certain(
    steps: Sequence[Step],
    began_with: Checked,
    left: Sequence[FileDiagnostic],
    read: Callable[[Path], str],
    check: Callable[[dict[Path, str]], Checked | None],
) -> Certain:
    """What of the steps is certain. `left` are the errors after all of them; `check` is None where no time is left."""
    edits: dict[Path, str] = {}
    checked, done = began_with, 0
    for step in steps:
        if step.trial.grade is not CandidateGrade.CLEAN or step.trial.doubts or _is_at(step, left):
            continue
        made: dict[Path, str] = {}
        lines: dict[Path, set[int]] = {}
        columns: dict[Path, grading.Columns] = {}
        for each in (changes := step.trial.candidate.edits(step.problem)):
            text = edits.get(each.file, read(each.file))
            new = each.new if text == each.old else again(each.old, each.new, text)
            if new is not None and new != text:
                made[each.file], lines[each.file] = new, grading.changed_lines(text, new)
                columns[each.file] = grading.changed_columns(text, new)
        if not made or len(made) < len(changes):  # a part of it is none
            continue
        after = check({**edits, **made})
        if after is None:
            break
        own = lines.get(step.problem.file, set())
        grade = grading.grade(checked, after, step.complaint, own, elsewhere=lines, columns=columns)
        if grade is CandidateGrade.CLEAN:
            edits, checked, done = {**edits, **made}, after, done + 1
    return Certain(edits, checked, done)


def again(old: str, new: str, text: str) -> str | None:
    """The change from `old` to `new`, made in a text like `old`; None where a place is not found, or found twice."""
    one, other, lines = old.split("\n"), new.split("\n"), text.split("\n")
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    for op, a, b, c, d in reversed(matcher.get_opcodes()):
        if op == "equal":
            continue
        head, tail = one[max(0, a - _AROUND) : a], one[b : b + _AROUND]
        block = [*head, *one[a:b], *tail]
        at = [i for i in range(len(lines) - len(block) + 1) if lines[i : i + len(block)] == block]
        if len(at) != 1:
            return None
        start = at[0] + len(head)
        lines[start : start + b - a] = other[c:d]
    return "\n".join(lines)


def _is_at(step: Step, left: Sequence[FileDiagnostic]) -> bool:
    """Whether an error is left at a line that a step wrote."""
    wrote: set[tuple[Path, str]] = set()
    for edit in step.trial.candidate.edits(step.problem):
        new = edit.new.split("\n")
        changed = grading.changed_lines(edit.old, edit.new)
        wrote |= {(edit.file, new[line - 1].strip()) for line in changed if 0 < line <= len(new)}
    wrote = {(file, line) for file, line in wrote if line not in ("", "}", "{")}
    return any((each.file, span.text.strip()) in wrote for each in left for span in each.diagnostic.spans)
