"""Repairs that are guesses: another choice compiles and passes the tests as well.

    a repair that passed -> its rivals (`rivals/`) -> each in its place, with all other edits -> the tests once more

Where the tests fail with every rival they tell that this one is right; where one passes, nothing does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from sleepy.daemon.fix import coverage
from sleepy.daemon.fix.certain import again
from sleepy.daemon.fix.draft import RepairDraft, RepairStep
from sleepy.daemon.fix.ladder import FileEdit
from sleepy.daemon.fix.rivals.change import Rival
from sleepy.daemon.fix.rivals.rivals import rivals
from sleepy.daemon.fix.tested import passes

_TEST_FOLDERS = frozenset(["tests", "examples", "benches"])


def guesses(draft: RepairDraft, old_failures: Collection[str] = ()) -> tuple[str, ...]:
    """What each choice would be as well, by the tests; none where they tell. `old_failures` do not count."""
    found: dict[str, None] = {}
    for step in draft.steps:
        for file, now, rival in _placed(draft, step):
            said = f"{file}: {rival.said}"
            if said in found:
                continue
            if draft.limits.spent():
                return (*found, f"{file}: whether {rival.said} could not be found out: no time was left")
            if passes(draft.target.test(draft.texts.as_read({**draft.edits, file: now})), old_failures):
                found[said] = None
    return tuple(found)


def is_choice(step: RepairStep) -> bool:
    """Whether a step has rivals: without the tests it is not certain."""
    return any(True for _ in _rivals(step))


def _placed(draft: RepairDraft, step: RepairStep) -> Iterator[tuple[Path, str, Rival]]:
    """The rivals of a step, each with the file's whole text as it would be with it now."""
    for change, rival in _rivals(step):
        text = draft.text(change.file)
        now = rival.text if text == change.new else again(change.new, rival.text, text)
        if now is not None and now != text:
            yield change.file, now, rival


def _rivals(step: RepairStep) -> Iterator[tuple[FileEdit, Rival]]:
    problem = step.problem
    line = problem.error.primary.line_start if problem.error.primary is not None else 1
    in_tests = not _TEST_FOLDERS.isdisjoint(problem.file.parts) or coverage.is_of_tests(problem.source, line)

    def others() -> list[str]:
        return [text for _, text in problem.others()]

    for change in step.changes:
        own = change.file == problem.file
        for rival in rivals(problem.error, change.old, change.new, others, is_own=own, in_tests=in_tests):
            yield change, rival
