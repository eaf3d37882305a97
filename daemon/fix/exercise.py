"""The tests run once more with panics planted at the edits: what no test runs, and which failures are none of theirs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sleepy.daemon.fix import coverage
from sleepy.daemon.fix.target import FixTarget
from sleepy.daemon.fix.texts import FileTexts
from sleepy.sandbox.libtest import Fate
from sleepy.sandbox.verdict import Outcome
from sleepy.sandbox.workspace_result import Tested

_ROUNDS = 3  # one panic hides those that come after it
_ENDED = (Outcome.PASS, Outcome.FAIL, Outcome.OUT_OF_REACH, Outcome.INFRA_ERROR)


@dataclass(frozen=True, slots=True)
class Exercise:
    """`untested` are changed lines, as FILE:LINE, that no test runs; `old` the failed tests that do not come to them.

    `guilty` are the changed lines that failed tests do come to.
    """

    untested: tuple[str, ...] = ()
    old: tuple[str, ...] = ()
    guilty: tuple[tuple[Path, int], ...] = ()


def exercised(target: FixTarget, texts: FileTexts, edits: Mapping[Path, str], tested: Tested) -> Exercise:
    """What the tests have to do with the edits. `tested` is how they ended; nothing is known where they did not run."""
    names = Counter(run.name for run in tested.tests)
    failed = {run.name for run in tested.tests if run.fate is Fate.FAILED and names[run.name] == 1}
    if not any(run.fate in (Fate.OK, Fate.FAILED) for run in tested.tests):
        return Exercise()
    known = {file: coverage.places(texts.read(file), text) for file, text in sorted(edits.items())}
    left = [(file, place) for file, each in known.items() for place in each.found]
    fates = {(each.executable, each.name): each.fate for each in tested.tests}
    old: tuple[str, ...] = ()
    guilty: list[tuple[Path, int]] = []
    for turn in range(_ROUNDS):
        run = _planted(target, texts, edits, left)
        if run is None or run.outcome not in _ENDED:
            break
        said = coverage.sections(run.detail)
        if turn == 0:
            whole = not any(each.elsewhere for each in known.values())
            old = tuple(sorted(coverage.untouched(failed, tested.detail, run.detail))) if whole else ()
        met = coverage.met("\n".join(text for name, text in said.items() if name in failed))
        guilty += [(file, place.line) for number, (file, place) in enumerate(left) if number in met]
        seen = coverage.met(run.detail)
        news = any(each.fate is not fates.get((each.executable, each.name)) for each in run.tests)
        left = [each for number, each in enumerate(left) if number not in seen]
        if not seen:
            untested = () if news else tuple(f"{file}:{place.line}" for file, place in left)
            return Exercise(untested, old, tuple(guilty))  # with news it may be any of them
    return Exercise((), old, tuple(guilty))


def _planted(
    target: FixTarget, texts: FileTexts, edits: Mapping[Path, str], where: Sequence[tuple[Path, coverage.PanicPlace]]
) -> Tested | None:
    """The tests with a panic at each place, numbered in their order; None where there is no place."""
    if not where:
        return None
    changed, number = dict(edits), 0
    for file in dict.fromkeys(file for file, _ in where):
        own = [place for each, place in where if each == file]
        changed[file] = coverage.planted(edits[file], own, number)
        number += len(own)
    return target.test(texts.as_read(changed))
