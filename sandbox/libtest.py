"""Runs the test executables of a user's crate in the jail, and finds out what became of every test.

The harness is the user's (libtest, or one of theirs) and what it says can be imitated by what it tests, so a
test counts as passed only where several things agree: the tests listed beforehand, the sum at the end, the exit
code. They are asked for in two parts drawn by chance, so that words printed by heart count wrong. One thing
stays open: an executable of a single test that prints libtest's words and exits with 0. The policy (guard.py)
refuses an answer that adds such an exit.

Not run: doc tests. CARGO_TARGET_TMPDIR is empty at the beginning of each part. Not possible in the jail: sockets; in
its narrow form also processes, and changes to folders.
"""

from __future__ import annotations

import re
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from sleepy.sandbox import reach
from sleepy.sandbox.compiler import failed_to_start, signal
from sleepy.sandbox.isolation import Jail, Profile
from sleepy.sandbox.package import Executable
from sleepy.sandbox.process import GIB, MIB, Finished, Limits

TESTS = Limits(wall_s=60, cpu_s=600, memory=2 * GIB, file=64 * MIB, output=1 * MIB, processes=2048, files=256)
_LISTED = re.compile(r"^(.+): test$", re.MULTILINE)
_COUNTED = re.compile(r"^(\d+) tests?, \d+ benchmarks?\s*\Z", re.MULTILINE)
_LINE = re.compile(r"^test (.+?)(?: - should panic)? \.\.\. (ok|FAILED|ignored)(?:,.*)?$", re.MULTILINE)
_SUM = re.compile(r"^test result: (?:ok|FAILED)\. (\d+) passed; (\d+) failed; (\d+) ignored;", re.MULTILINE)
WHOLE = "(the whole program)"  # the test of a harness that is not libtest


class Fate(StrEnum):
    OK = "ok"
    FAILED = "failed"
    IGNORED = "ignored"  # by the user's own mark
    BARRED = "barred"  # it did what the jail kills for: opened a socket, say
    CRASHED = "crashed"
    TIMED_OUT = "timed out"
    FLOODED = "flooded"  # more output than is read
    UNSAID = "unsaid"  # the harness ended without a word about it, or with more than one
    OUT_OF_REACH = "out of reach"  # it failed on a file or folder that the jail does not show, or not to write
    BROKEN = "broken"  # our own machinery failed


_KILLED = frozenset([Fate.BARRED, Fate.CRASHED, Fate.TIMED_OUT, Fate.FLOODED])


@dataclass(frozen=True, slots=True)
class Manner:
    """How an executable is run: the narrowest profile its tests work in, and which cannot work in the jail."""

    profile: Profile = Profile.RUN
    barred: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ran:
    """What became of each test of an executable, in its own order, and what it printed of failures."""

    fates: Mapping[str, Fate]
    manner: Manner = field(default_factory=Manner)
    said: str = ""

    @property
    def passed(self) -> bool:
        return all(fate in (Fate.OK, Fate.IGNORED) for fate in self.fates.values())

    def count(self, fate: Fate) -> int:
        return sum(each is fate for each in self.fates.values())


class Runner:
    """Runs test executables, built in the folder `target`; `desk` is where scratch folders go."""

    def __init__(self, jail: Jail, mirror: Path, target: Path, desk: Path, limits: Limits) -> None:
        self._jail, self._mirror, self._target, self._desk, self._limits = jail, mirror, target, desk, limits

    def survey(self, executable: Executable) -> Ran:
        """Runs an executable for the first time: in the wider profile too where the narrow one makes tests fail.

        Tests whose process was killed before a word about them are run once more, alone.
        """
        narrow = self._salvaged(executable, Profile.RUN)
        if narrow.passed:
            return narrow
        wide = self._salvaged(executable, Profile.COMPILE)
        return wide if wide.count(Fate.OK) > narrow.count(Fate.OK) else narrow

    def run(self, executable: Executable, manner: Manner) -> Ran:
        """Runs an executable's tests, except those that are known not to work in the jail."""
        listed = self._launch(executable, manner, ["--list"])
        text = _text(listed.stdout)
        counted = _COUNTED.search(text)
        names = _LISTED.findall(text)
        if listed.code != 0 or counted is None or len(names) != int(counted[1]) or len(set(names)) != len(names):
            return self._whole(executable, manner)
        fates: dict[str, Fate] = {}
        words = ""
        for part in _parts([name for name in names if name not in manner.barred]):
            ended = self._launch(executable, manner, ["--exact", *part])
            for name, fate in _told(ended, part).items():
                if fates.get(name, Fate.OK) is Fate.OK:
                    fates[name] = fate
            words += self._words(ended)
        for name in reach.barred(words, executable.folder, self._mirror):
            if fates.get(name) is Fate.FAILED:
                fates[name] = Fate.OUT_OF_REACH
        return Ran({name: fates.get(name, Fate.BARRED) for name in names}, manner, words)

    def _salvaged(self, executable: Executable, profile: Profile) -> Ran:
        """A run in which a test that kills its process does not fail the others."""
        ran = self.run(executable, Manner(profile))
        fates = dict(ran.fates)
        until = time.monotonic() + self._limits.wall_s
        for name, fate in ran.fates.items():
            if fate in _KILLED and name != WHOLE and time.monotonic() < until:
                fates[name] = _told(self._launch(executable, ran.manner, ["--exact", name]), [name])[name]
        barred = tuple(name for name, fate in fates.items() if fate is Fate.BARRED)
        return Ran(fates, Manner(profile, barred), ran.said)

    def _whole(self, executable: Executable, manner: Manner) -> Ran:
        """A harness of the user's own: its exit code is all there is."""
        ended = self._launch(executable, manner, [])
        fate = Fate.OK if ended.code == 0 else _ending(ended) or Fate.FAILED
        return Ran({WHOLE: fate}, manner, self._words(ended))

    def _words(self, ended: Finished) -> str:
        """What a run that failed printed, of the user's files rather than of their copies."""
        said = "" if ended.code == 0 else _text(ended.stdout) + _text(ended.stderr)
        return said.replace(str(self._mirror), "")

    def _launch(self, executable: Executable, manner: Manner, words: Sequence[str]) -> Finished:
        scratch = Path(tempfile.mkdtemp(dir=self._desk))
        room = self._emptied(self._target / "tmp")
        try:
            return self._jail.run(
                [str(executable.path), *words],
                profile=manner.profile,
                limits=self._limits,
                folder=self._mirror / executable.folder.relative_to("/"),
                writable=False,
                reads=[
                    self._mirror,
                    self._jail.toolchain.sysroot / "lib",
                    self._target,
                ],  # a macro's tests link with it
                writes=[scratch, room],
                environment=self._environment(executable, scratch),
            )
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    def _emptied(self, folder: Path) -> Path:
        """An empty folder in place of what stands there: a build script could have made it a link to anywhere."""
        if folder.is_symlink() or folder.is_file():
            folder.unlink()
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(exist_ok=True)
        return folder

    def _environment(self, executable: Executable, scratch: Path) -> dict[str, str]:
        """Names and folders of ours only: the launcher is loaded with these before the jail closes."""
        folder = self._mirror / executable.folder.relative_to("/")
        sysroot = self._jail.toolchain.sysroot
        return {
            "TMPDIR": str(scratch),
            "HOME": str(scratch),
            "CARGO_MANIFEST_DIR": str(folder),
            "CARGO_PKG_NAME": executable.package,
            "CARGO_PKG_VERSION": executable.version,
            "LD_LIBRARY_PATH": ":".join(map(str, [sysroot / "lib", *sorted(sysroot.glob("lib/rustlib/*/lib"))])),
            **{f"CARGO_BIN_EXE_{name}": str(path) for name, path in executable.programs},
        }


def _parts(names: Sequence[str]) -> Iterator[list[str]]:
    """The names in two parts of unequal size drawn by chance; of two names one, then both."""
    if len(names) < 3:
        yield from [[secrets.choice(names)]] if len(names) == 2 else []
        yield from [list(names)] if names else []
        return
    sizes = [size for size in range(1, len(names)) if 2 * size != len(names)]
    first = set(secrets.SystemRandom().sample(names, secrets.choice(sizes)))
    yield [name for name in names if name in first]
    yield [name for name in names if name not in first]


def _told(ended: Finished, asked: Sequence[str]) -> dict[str, Fate]:
    """What a harness said of the tests it was asked for, and its end of those it said nothing of.

    Lines are garbled where a test writes past the harness; the sum of an ordinary end then tells that all passed.
    """
    text = _text(ended.stdout)
    said: dict[str, set[str]] = {}
    for name, word in _LINE.findall(text):
        said.setdefault(name, set()).add(word)
    sums = [tuple(map(int, numbers)) for numbers in _SUM.findall(text)]
    killed = _ending(ended)
    failed = {name for name in asked if "FAILED" in said.get(name, ())}
    ignored = {name for name in asked if said.get(name) == {"ignored"}}
    if killed is None and sums == [(len(asked) - len(failed | ignored), len(failed), len(ignored))]:
        passed = set(asked) - failed - ignored if (ended.code == 0) == (not failed) else set()
    else:
        passed = {name for name in asked if said.get(name) == {"ok"}} if killed is not None else set()
    fates = dict.fromkeys(asked, killed or Fate.UNSAID)
    fates.update(dict.fromkeys(ignored, Fate.IGNORED) | dict.fromkeys(passed, Fate.OK))
    return fates | dict.fromkeys(failed, Fate.FAILED)


def _ending(ended: Finished) -> Fate | None:
    """How an end by itself is to be read; None for an ordinary exit."""
    number = signal(ended.code)
    if failed_to_start(ended, _text(ended.stderr)) or (number == 9 and not (ended.timed_out or ended.flooded)):
        return Fate.BROKEN
    if ended.timed_out or number == 24:
        return Fate.TIMED_OUT
    if ended.flooded:
        return Fate.FLOODED
    if number == 31:
        return Fate.BARRED
    return Fate.CRASHED if number else None


def _text(said: bytes) -> str:
    return said.decode(errors="replace")
