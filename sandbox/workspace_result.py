"""The results of a workspace's check and of its tests, and how the tests with an edit compare with those without."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sleepy.sandbox.isolation import Profile
from sleepy.sandbox.libtest import Fate, Manner, Ran
from sleepy.sandbox.package import FileDiagnostic
from sleepy.sandbox.verdict import Diagnostic, Outcome

_WORST = (  # of many tests' fates, the one that says most
    (Fate.BROKEN, Outcome.INFRA_ERROR),
    (Fate.BARRED, Outcome.VIOLATION),
    (Fate.TIMED_OUT, Outcome.RUN_TIMEOUT),
    (Fate.FLOODED, Outcome.OUTPUT_LIMIT),
    (Fate.CRASHED, Outcome.RUN_CRASH),
    (Fate.FAILED, Outcome.FAIL),
    (Fate.UNSAID, Outcome.FAIL),
    (Fate.OUT_OF_REACH, Outcome.OUT_OF_REACH),
)
_REMEDY = (
    "the sandbox shows the crate's folders read-only, and no others; a folder to write in is that of std::env::temp_dir "
    "or CARGO_TARGET_TMPDIR. `cargo test` outside says whether they pass"
)
_MOST = 4000  # characters of what failed tests print


@dataclass(frozen=True, slots=True)
class Checked:
    """What cargo check said. `rebuilt` are the targets it compiled: `package kind name`; the others were fresh.

    Many a warning comes only where there is no error left.
    """

    outcome: Outcome
    diagnostics: tuple[FileDiagnostic, ...] = ()
    rebuilt: tuple[str, ...] = ()
    detail: str = ""
    seconds: float = 0.0
    tier: str = ""
    warnings: tuple[FileDiagnostic, ...] = field(default=(), kw_only=True)

    @property
    def passed(self) -> bool:
        return self.outcome is Outcome.PASS

    @property
    def is_label(self) -> bool:
        """Whether it says something about the code rather than about the machine or the jail."""
        return self.outcome.is_label

    @property
    def by_file(self) -> dict[Path, tuple[Diagnostic, ...]]:
        """The diagnostics of each file, in the compiler's order."""
        found: dict[Path, tuple[Diagnostic, ...]] = {}
        for each in self.diagnostics:
            found[each.file] = (*found.get(each.file, ()), each.diagnostic)
        return found


@dataclass(frozen=True, slots=True)
class TestRun:
    """One test and what became of it. `executable` is `package kind target`."""

    __test__ = False  # not pytest's

    executable: str
    name: str
    fate: Fate


@dataclass(frozen=True, slots=True)
class Tested(Checked):
    """What the tests said: every one of them; none where the crate did not compile."""

    __test__ = False  # not pytest's

    tests: tuple[TestRun, ...] = ()


@dataclass(frozen=True, slots=True)
class TestsBefore:
    """The tests of the tree without edits. `compiled` is False where there were none to run."""

    compiled: bool
    ran: Mapping[str, Ran]

    def written(self) -> str:
        """As text for a file."""
        ran = {
            name: {"fates": dict(each.fates), "profile": each.manner.profile, "barred": each.manner.barred}
            for name, each in self.ran.items()
        }
        return json.dumps({"compiled": self.compiled, "ran": ran})

    @classmethod
    def read(cls, text: str) -> TestsBefore:
        """From what was written. ValueError, LookupError or TypeError where it is something else."""
        known = json.loads(text)
        ran = {
            name: Ran(
                {test: Fate(fate) for test, fate in entry["fates"].items()},
                Manner(Profile(entry["profile"]), tuple(entry["barred"])),
            )
            for name, entry in known["ran"].items()
        }
        return cls(bool(known["compiled"]), ran)


def test_runs(ran: Mapping[str, Ran]) -> tuple[TestRun, ...]:
    """Every test of every executable."""
    return tuple(TestRun(name, test, fate) for name, each in ran.items() for test, fate in each.fates.items())


def outcome_of_tests(ran: Mapping[str, Ran], before: TestsBefore | None) -> tuple[Outcome, str]:
    """The outcome of a run, and why. What could not run before either is not held against an edit."""
    fates = {(name, test): fate for name, each in ran.items() for test, fate in each.fates.items()}
    barred = [(name, test) for name, each in ran.items() for test in each.manner.barred]
    if before is not None and before.compiled:
        gone = sorted(test for name, each in before.ran.items() for test in each.fates if (name, test) not in fates)
        if gone:
            return Outcome.API_MISMATCH, f"tests gone: {', '.join(gone)}"
        idle = sorted(
            test
            for name, each in before.ran.items()
            for test, fate in each.fates.items()
            if fate is Fate.OK and fates[name, test] is Fate.IGNORED
        )
        if idle:
            return Outcome.API_MISMATCH, f"tests ignored: {', '.join(idle)}"
    elif before is not None and barred:  # whether it was the edit cannot be told
        return Outcome.INFRA_ERROR, f"not to be judged in the jail: {', '.join(test for _, test in barred)}"
    outcome_of_tests = {key: fate for key, fate in fates.items() if key not in barred}
    wide = sorted(name for name, each in ran.items() if each.manner.profile is not Profile.RUN)
    notes = [f"run with the freedom of a build script: {', '.join(wide)}"] if wide else []
    notes += [f"cannot run in the jail: {', '.join(test for _, test in barred)}"] if barred else []
    notes += ["there are no tests"] if not fates else []
    for fate, outcome in _WORST:
        if fate in outcome_of_tests.values():
            names = ", ".join(test for (_, test), each in outcome_of_tests.items() if each is fate)
            said = "\n".join(each.said for each in ran.values() if each.said)[-_MOST:]
            notes += [_REMEDY] if fate is Fate.OUT_OF_REACH else []
            return outcome, "\n".join([f"{fate}: {names}", *notes, said]).strip()
    return Outcome.PASS, "; ".join(notes)
