"""A judge that remembers: the same program with the same tests is compiled once.

What is kept is what the program deserves: by its tokens, or by its exact text where the verdict speaks of
lines. Timeouts, crashes, floods and failures of our own machinery are the machine's and are asked again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Protocol

from sleepy.daemon.base.clock import utc
from sleepy.koans.tokens import tokens
from sleepy.memory.episodic import verdict_cache
from sleepy.memory.episodic.database import Database
from sleepy.sandbox import judge
from sleepy.sandbox.verdict import Case, Outcome, Verdict, verdict_of

LASTING = frozenset([Outcome.PASS, Outcome.FAIL, Outcome.REJECTED, Outcome.API_MISMATCH, Outcome.COMPILE_ERROR])


class Judging(Protocol):
    """A sandbox, or what judges by many."""

    @property
    def toolchain(self) -> str: ...

    def check_many(self, sources: Sequence[str], *, edition: str = "2021", exact: bool = True) -> list[Verdict]: ...

    def judge_many(self, cases: Sequence[Case]) -> list[Verdict]: ...


class RememberingJudge:
    """A sandbox in front of which the database answers for what it has judged before."""

    def __init__(self, sandbox: Judging, db: Database) -> None:
        self._sandbox, self._db = sandbox, db

    def check_many(self, sources: Sequence[str], *, edition: str = "2021", exact: bool = True) -> list[Verdict]:
        """As the sandbox's: diagnostics name lines and columns, so nothing is remembered of layout-free text."""
        return self._sandbox.check_many(sources, edition=edition, exact=exact)

    def judge_many(self, cases: Sequence[Case]) -> list[Verdict]:
        """Verdicts in the cases' order; equal cases are judged once."""
        keys = [(self._key(case, tokens(case.source)), self._key(case, [case.source])) for case in cases]
        known: dict[tuple[str, str], Verdict] = {}
        for pair in dict.fromkeys(keys):
            kept = verdict_cache.get(self._db, pair[0]) or verdict_cache.get(self._db, pair[1])
            if kept is not None:
                known[pair] = replace(verdict_of(kept), cached=True)
        waiting = {pair: case for pair, case in zip(keys, cases, strict=True) if pair not in known}
        for pair, verdict in zip(waiting, self._sandbox.judge_many(list(waiting.values())), strict=True):
            known[pair] = verdict
            if verdict.outcome in LASTING:
                # the words of a compile error name lines and columns: they are the exact text's alone
                key = pair[1] if verdict.diagnostics else pair[0]
                verdict_cache.put(self._db, key, verdict.outcome.value, asdict(verdict), now=utc())
        return [known[pair] for pair in keys]

    def _key(self, case: Case, source: Sequence[str]) -> str:
        """What a verdict depends on: the compiler, the judge, the task, and the program."""
        parts = [
            self._sandbox.toolchain, str(judge.VERSION), case.edition, str(case.own_tests), "\x1f".join(source),
            "\x1f".join(tokens(case.tests)),
            *("none" if text is None else f"={text}" for text in (case.original, case.reference, case.stdout)),
        ]  # fmt: skip
        return hashlib.sha256("\x1e".join(parts).encode()).hexdigest()
