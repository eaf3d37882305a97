"""The user's crates as days and nights practise on them: read anew when asked for, with what was found out kept.

A state of a crate that was built and tested once is not built again the next day, and neither is an answer in it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from pathlib import Path

from sleepy.daemon.attempt.attempt import Judge
from sleepy.daemon.base.clock import utc
from sleepy.daemon.base.state_keys import PRACTISED
from sleepy.daemon.crate.practised import CrateProof, PractisedCrate
from sleepy.daemon.tools.remembering_judge import LASTING
from sleepy.koans.forge.functions import CrateFunction
from sleepy.memory.episodic import state, verdict_cache
from sleepy.memory.episodic.database import Database
from sleepy.sandbox.isolation import Jail
from sleepy.sandbox.verdict import Case, Outcome, Verdict, verdict_of

_AGAIN = timedelta(days=1)  # until a crate that was too slow is built again, whatever changed in it


class Crates:
    """The crates that the settings name. `left_out` says of each that cannot be practised on why, in a line."""

    def __init__(
        self,
        paths: Sequence[str],
        jail: Jail,
        cache: Path,
        db: Database,
        *,
        now: Callable[[], datetime] = utc,
        cargo_home: Path | None = None,
    ) -> None:
        self._db, self._now, self._toolchain = db, now, jail.toolchain.version
        self._all = [PractisedCrate(Path(p).expanduser(), jail, cache, cargo_home=cargo_home) for p in paths]
        self._is_read = False
        self.left_out: tuple[str, ...] = ()

    def ready(self) -> list[PractisedCrate]:
        """Those that can be practised on, as they are now."""
        self._is_read = True
        told = []
        for crate in self._all:
            key = f"{PRACTISED}{crate.path.absolute()}"
            kept = state.get(self._db, key)
            known = None if kept is None else _proof(kept.value)
            if known is not None and known.why and known.seconds and kept and self._now() - kept.updated < _AGAIN:
                crate.proof = known  # too slow to be asked again today
            else:
                found = crate.read(known)
                if found.lasts and found != known:
                    state.put(self._db, key, asdict(found), now=self._now())
            if crate.proof.why:
                told.append(f"{crate.path.name}: {crate.proof.why}")
        self.left_out = tuple(told)
        return [crate for crate in self._all if not crate.proof.why]

    @property
    def slowest(self) -> float:
        """Seconds that a check and the tests take in the slowest of those that were ready."""
        return max((crate.proof.seconds for crate in self._all if not crate.proof.why), default=0.0)

    def judge(self, case: Case) -> Verdict:
        """The verdict on a file of one of them."""
        crate = self._of(case.file)
        if crate is None:
            return Verdict(Outcome.INFRA_ERROR, detail=f"{case.file} is of no crate that can be practised on now")
        asks = "question" if case.source == case.original else "answer"
        key = self._key(crate.proof.digest, case.file, asks, case.source)
        kept = verdict_cache.get(self._db, key)
        if kept is not None:
            return replace(verdict_of(kept), cached=True)
        verdict = crate.judge(case)
        if verdict.outcome in LASTING:
            verdict_cache.put(self._db, key, verdict.outcome.value, asdict(verdict), now=self._now())
        return verdict

    def runs(self, function: CrateFunction) -> bool:
        """Whether a test is known to come to a function; asked again where its file has changed."""
        crate = self._of(function.file)
        if crate is None:
            return False
        key = self._key("runs", function.base, function.text)
        kept = verdict_cache.get(self._db, key)
        if kept is not None:
            return bool(kept["runs"])
        found = crate.runs(function)
        if found is not None:
            verdict_cache.put(self._db, key, "PASS" if found else "FAIL", {"runs": found}, now=self._now())
        return bool(found)

    def _of(self, file: str) -> PractisedCrate | None:
        if not self._is_read:
            self.ready()
        return next((crate for crate in self._all if file in crate.texts), None)

    def _key(self, *parts: str) -> str:
        return hashlib.sha256("\x1e".join(["crate", self._toolchain, *parts]).encode()).hexdigest()


class CratesJudge:
    """A judge that gives the files of crates to their crates, and all else to another."""

    def __init__(self, judge: Judge, crates: Crates) -> None:
        self._judge, self._crates = judge, crates

    def check_many(self, sources: Sequence[str], *, edition: str = "2021", exact: bool = True) -> list[Verdict]:
        """As the other's: what is checked here is no file of a crate."""
        return self._judge.check_many(sources, edition=edition, exact=exact)

    def judge_many(self, cases: Sequence[Case]) -> list[Verdict]:
        """Verdicts in the cases' order."""
        others = iter(self._judge.judge_many([case for case in cases if not case.file]))
        return [self._crates.judge(case) if case.file else next(others) for case in cases]


def _proof(value: dict[str, object]) -> CrateProof | None:
    """A kept proof; None for what is none."""
    try:
        found = CrateProof(**value)  # type: ignore[arg-type]
        return replace(found, barred=tuple(found.barred))
    except TypeError:
        return None
