"""What the tests' end means for a repair: whether they pass, and what is told of those that do not."""

from __future__ import annotations

from collections.abc import Collection

from sleepy.daemon.fix import coverage
from sleepy.sandbox.libtest import Fate
from sleepy.sandbox.verdict import Outcome
from sleepy.sandbox.workspace_result import Tested

_FINE = frozenset([Fate.OK, Fate.IGNORED, Fate.BARRED])  # BARRED: the jail does not let it run at all

_SAID = {  # what the first line of a detail begins with, in words
    Fate.FAILED: "fail",
    Fate.CRASHED: "crash",
    Fate.TIMED_OUT: "take too long",
    Fate.FLOODED: "print too much",
    Fate.UNSAID: "end without a result",
    Fate.BARRED: "do what the sandbox forbids",
    Fate.OUT_OF_REACH: "need what the sandbox does not show",
    Fate.BROKEN: "could not be run",
    "tests gone": "are gone",
    "tests ignored": "are ignored now",
}


def passes(tested: Tested, old: Collection[str] = ()) -> bool:
    """Whether no test that can be run here fails, but for `old` ones. What the jail bars was barred without the edits."""
    if tested.passed:
        return True
    if tested.outcome is not Outcome.INFRA_ERROR and not old:
        return False
    return bool(tested.tests) and all(t.fate in _FINE or t.name in old for t in tested.tests)


def failing_too(tested: Tested, before: Collection[tuple[str, str]]) -> tuple[str, ...]:
    """The names of the failed tests that failed before, by executable and name; none that another test has too."""
    failed = {(each.executable, each.name) for each in tested.tests if each.fate is Fate.FAILED}
    news = {name for _, name in failed.difference(before)}
    return tuple(sorted({name for _, name in failed.intersection(before)} - news))


def complaint_of(tested: Tested) -> str:
    """What is wrong with the tests: the failed ones' own words, each once."""
    if tested.outcome is Outcome.COMPILE_ERROR:
        said = "; ".join(each.diagnostic.message.split("\n")[0] for each in tested.diagnostics[:3])
        return f"it compiles, but its tests do not: {said or tested.detail}"
    first, _, rest = tested.detail.partition("\n")
    told = "\n\n".join(coverage.sections(rest).values()) or rest.strip()
    fate, _, names = first.partition(": ")
    how = f"tests {_SAID[fate]}: {names}" if fate in _SAID else f"the tests do not pass: {first or tested.outcome}"
    return f"it compiles, but {how}" + (f"\n{told}\n" if told else "")
