"""Supplies the trials with fresh koans: first those that curation held out, then more, forged as they are wanted.

They are made of programs and templates' shapes that give no lessons. A candidate is never asked a koan twice, on no
night: which koans each was asked stands in the nights' folders.
"""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from sleepy.daemon.attempt.attempt import Diagnosis, fitting
from sleepy.daemon.day.own_code import FunctionSide
from sleepy.daemon.night import course, curate, exam, pieces
from sleepy.daemon.night.context import NightContext
from sleepy.daemon.night.trials import CandidateOnTrial
from sleepy.memory.episodic import candidates
from sleepy.memory.parametric.storage import write_whole

_FILE = "asked.json"  # number of a test -> digests of its koans
_SECONDS = 60.0  # of a search in the user's crates
_AHEAD = 24  # koans forged for a scope that has run out: a search for a few takes nearly as long


class Supply:
    """Koans by scope. `spread` says how a coarse scope's koans are distributed over its signatures.

    As a context: on leaving it, what was asked is written into the night's folder.
    """

    def __init__(
        self,
        context: NightContext,
        candidates: Sequence[CandidateOnTrial],
        spread: Mapping[str, Mapping[str, float]],
    ) -> None:
        self._context, self._spread = context, spread
        self._numbers = {item.scope: item.number for item in candidates}
        self._asked = self._asked_before()
        self._ready: dict[str, list[Diagnosis]] = defaultdict(list)
        self._given: dict[str, list[str]] = defaultdict(list)
        held = [(scope, koan) for scope, koan in course.held_out_of(context.folder) if scope in self._numbers]
        found = {item.koan.digest: item for item in exam.diagnoses(context.tools, [koan for _, koan in held])}
        for scope, koan in held:
            if koan.digest in found:
                self._keep(scope, found[koan.digest])
        scopes = list(self._numbers)
        self._search = curate.held_out_search(context.tools, scopes, context.night.seed + 2) if scopes else None
        seed = context.night.seed + 3
        self._theirs = curate.crate_search(context.tools, FunctionSide.HELD_OUT, scopes, seed) if scopes else None
        for search in (self._search, self._theirs):
            if search is not None:
                search.refuse([koan for _, koan in held])

    def __call__(self, wanted: Mapping[str, int]) -> Iterator[tuple[str, Diagnosis]]:
        """Yields (scope, koan); fewer than wanted where no more can be forged."""
        lacking = {scope: count - len(self._ready[scope]) for scope, count in wanted.items()}
        short = {scope: max(_AHEAD, count) for scope, count in lacking.items() if count > 0}
        if short and self._search is not None:
            for scope, item in self._search.find(short, self._spread):
                if fitting([item], self._context.tools.model)[0]:
                    self._keep(scope, item)
            self._of_crates({scope: count for scope in short if (count := wanted[scope] - len(self._ready[scope])) > 0})
        for scope, count in wanted.items():
            ready = self._ready[scope]
            for item in ready[:count]:
                self._given[scope].append(item.koan.digest)
                yield scope, item
            del ready[:count]

    def _of_crates(self, lacking: Mapping[str, int]) -> None:
        """The user's functions give what the forge could not."""
        if self._theirs is not None and lacking:
            for scope, item in self._theirs.find(lacking, time.monotonic() + _SECONDS):
                if fitting([item], self._context.tools.model)[0]:
                    self._keep(scope, item)

    def __enter__(self) -> Supply:
        return self

    def __exit__(self, *_: object) -> None:
        told = {str(self._numbers[scope]): digests for scope, digests in self._given.items()}
        self._context.folder.mkdir(parents=True, exist_ok=True)
        write_whole(self._context.folder / _FILE, json.dumps(told).encode())

    def _keep(self, scope: str, item: Diagnosis) -> None:
        if item.koan.digest not in self._asked[scope]:
            self._asked[scope].add(item.koan.digest)
            self._ready[scope].append(item)

    def _asked_before(self) -> dict[str, set[str]]:
        """Scope -> digests of the koans that its candidate was asked on other nights."""
        found: dict[str, set[str]] = defaultdict(set)
        db, home = self._context.tools.db, self._context.tools.home
        pieces.bring_file(db, home, _FILE, [candidates.read(db, number) for number in self._numbers.values()])
        for path in home.nights.glob(f"*/{_FILE}"):
            if path.parent == self._context.folder:
                continue
            told = json.loads(path.read_text(encoding="utf-8"))
            for scope, number in self._numbers.items():
                found[scope].update(told.get(str(number), ()))
        return found
