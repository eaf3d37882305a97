"""A judge that remembers: the same program with the same tests is compiled once.

What is kept is what the program deserves. Timeouts, floods and failures of our own machinery are the
machine's and are asked again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sleepy.daemon.tools import utc
from sleepy.koans.tokens import tokens
from sleepy.memory.episodic import verdict_cache
from sleepy.memory.episodic.database import Database
from sleepy.sandbox import guard
from sleepy.sandbox.sandbox import Case, Sandbox
from sleepy.sandbox.verdict import Diagnostic, Outcome, Replacement, Span, Suggestion, Verdict

_LASTING = frozenset([Outcome.PASS, Outcome.FAIL, Outcome.REJECTED, Outcome.API_MISMATCH, Outcome.COMPILE_ERROR])


class RememberingJudge:
    """A sandbox in front of which the database answers for what it has judged before."""

    def __init__(self, sandbox: Sandbox, db: Database) -> None:
        self._sandbox, self._db = sandbox, db

    def check_many(self, sources: Sequence[str], *, edition: str = "2021", exact: bool = True) -> list[Verdict]:
        """As the sandbox's: diagnostics name lines and columns, so nothing is remembered of layout-free text."""
        return self._sandbox.check_many(sources, edition=edition, exact=exact)

    def judge_many(self, cases: Sequence[Case]) -> list[Verdict]:
        """Verdicts in the cases' order; equal cases are judged once."""
        keys = [self._key(case) for case in cases]
        known: dict[str, Verdict] = {}
        for key in dict.fromkeys(keys):
            kept = verdict_cache.get(self._db, key)
            if kept is not None:
                known[key] = _read(kept)
        open_keys = [key for key in dict.fromkeys(keys) if key not in known]
        first = dict(zip(reversed(keys), reversed(cases), strict=True))
        for key, verdict in zip(open_keys, self._sandbox.judge_many([first[key] for key in open_keys]), strict=True):
            known[key] = verdict
            if verdict.outcome in _LASTING:
                verdict_cache.put(self._db, key, verdict.outcome.value, asdict(verdict), now=utc())
        return [known[key] for key in keys]

    def _key(self, case: Case) -> str:
        # diagnostics hold places, so the exact text counts for what does not compile: layout is part of the key
        parts = [
            self._sandbox.toolchain, str(guard.VERSION), case.edition, case.source, "\x1f".join(tokens(case.tests)),
            case.original or "",
        ]  # fmt: skip
        return hashlib.sha256("\x1e".join(parts).encode()).hexdigest()


def _read(kept: Any) -> Verdict:
    data: Mapping[str, Any] = kept if isinstance(kept, Mapping) else json.loads(kept)
    return Verdict(
        Outcome(data["outcome"]),
        tuple(_diagnostic(item) for item in data["diagnostics"]),
        tuple((name, passed) for name, passed in data["tests"]),
        data["stage_ms"],
        data["tier"],
        cached=True,
        detail=data["detail"],
    )


def _diagnostic(data: Mapping[str, Any]) -> Diagnostic:
    offers = tuple(
        Suggestion(item["message"], item["applicability"], tuple(Replacement(**part) for part in item["replacements"]))
        for item in data["suggestions"]
    )
    spans = tuple(Span(**item) for item in data["spans"])
    return Diagnostic(
        data["code"], data["level"], data["message"], spans, offers, tuple(data["notes"]), data["rendered"]
    )
