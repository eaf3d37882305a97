"""Suggestions that the compiler is sure of, for several errors at once: one check instead of many.

Errors that hang together are solved together: the half of them may be worse than none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sleepy.daemon.fix import grade as grading
from sleepy.daemon.fix.doubt import doubts
from sleepy.daemon.fix.ladder import CandidateGrade, Problem
from sleepy.daemon.model import edits, prompt
from sleepy.sandbox.package import FileDiagnostic
from sleepy.sandbox.verdict import Replacement, Suggestion
from sleepy.sandbox.workspace_result import Checked


@dataclass(frozen=True, slots=True)
class Found:
    """An error, its problem in the text that holds the suggestions before it, and that text with its own."""

    complaint: FileDiagnostic
    problem: Problem
    text: str


NOTE = "MachineApplicable, with others at once"
_SURE = "MachineApplicable"


def applied(problem: Problem, before: Sequence[FileDiagnostic]) -> str | None:
    """The problem's text with the one thing that the compiler is sure of, or None.

    `before` are the errors whose suggestions are in the text already: lines below theirs may have moved.
    """
    offer = _offer(problem.error.suggestions)
    if offer is None:
        return None
    done = [r for each in before for r in (_offer(each.diagnostic.suggestions) or offer).replacements]
    if any(_meet(one, other) for one in offer.replacements for other in done):
        return None
    try:
        return prompt.replaced(problem.source, tuple(_moved(each, done) for each in offer.replacements))
    except edits.EditError:
        return None


def is_clean(
    was: Checked,
    now: Checked,
    found: Sequence[Found],
    old: Mapping[Path, str],
    new: Mapping[Path, str],
    read: Callable[[Path], str],
) -> bool:
    """Whether each error is gone, no other came that was not hidden, and nothing is to be doubted."""
    first = min(grading.phase(each.complaint.diagnostic) for each in found)
    for file in {each.problem.file for each in found}:
        text = old[file] if file in old else read(file)
        own = [each.complaint for each in found if each.problem.file == file]
        before, after = ([w.diagnostic for w in each.warnings if w.file == file] for each in (was, now))
        if doubts(text, new[file], before, after, [each.diagnostic for each in own]):
            return False
        lines = grading.changed_lines(text, new[file])
        columns = {file: grading.changed_columns(text, new[file])}
        grades = {grading.grade(was, now, each, lines, earliest=first, columns=columns) for each in own}
        if grades != {CandidateGrade.CLEAN}:
            return False
    return True


def blameless(now: Checked, found: Sequence[Found]) -> list[Found]:
    """Those whose error is gone and at whose lines there is no other now."""
    kept = []
    for each in found:
        lines = each.text.split("\n")
        changed = grading.changed_lines(each.problem.source, each.text)
        wrote = {lines[n - 1].strip() for n in changed if 0 < n <= len(lines)} - {""}
        said = [other.diagnostic for other in now.diagnostics if other.file == each.problem.file]
        if not any(span.text.strip() in wrote for other in said for span in other.spans):
            kept.append(each)
    return kept


def at_fault(now: Checked, found: Sequence[Found], new: Mapping[Path, str]) -> list[Found]:
    """Those at whose lines there is an error now. They were made from their file's end on: lines count from there."""
    wrong = []
    for each in found:
        made, whole = each.text.count("\n") + 1, new[each.problem.file].count("\n") + 1
        lines = {line - made + whole for line in grading.changed_lines(each.problem.source, each.text)}
        said = [other.diagnostic for other in now.diagnostics if other.file == each.problem.file]
        if any(span.line_start in lines or span.line_end in lines for other in said for span in other.spans):
            wrong.append(each)
    return wrong


def _offer(suggestions: Sequence[Suggestion]) -> Suggestion | None:
    """The only suggestion that is sure; None where there are several."""
    sure = [each for each in suggestions if each.replacements and each.applicability == _SURE]
    return sure[0] if len(sure) == 1 else None


def _meet(one: Replacement, other: Replacement) -> bool:
    """Whether two replacements are on the same lines."""
    return one.line_start <= other.line_end and other.line_start <= one.line_end


def _moved(one: Replacement, done: Sequence[Replacement]) -> Replacement:
    """A replacement where its lines are after others were made above it."""
    down = sum(
        each.text.count("\n") - (each.line_end - each.line_start) for each in done if each.line_end < one.line_start
    )
    return Replacement(one.line_start + down, one.column_start, one.line_end + down, one.column_end, one.text)
