"""A judge that can be cancelled: work that is told to end does not wait for the compilers it has called.

The batch they are at runs to its end in the background, a few seconds, and whatever is judged next waits for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as Late
from typing import TYPE_CHECKING

from sleepy.sandbox.verdict import Case, Verdict

if TYPE_CHECKING:
    from sleepy.daemon.attempt.attempt import Judge

_POLL = 0.1  # seconds


class CancellableJudge:
    """The judge, with `check` called ten times a second while it judges. Close it before what it judges with."""

    def __init__(self, judge: Judge, check: Callable[[], None]) -> None:
        self._judge, self._check = judge, check
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="judge")

    def check_many(self, sources: Sequence[str], *, edition: str = "2021", exact: bool = True) -> list[Verdict]:
        return self._cancellable(lambda: self._judge.check_many(sources, edition=edition, exact=exact))

    def judge_many(self, cases: Sequence[Case]) -> list[Verdict]:
        return self._cancellable(lambda: self._judge.judge_many(cases))

    def close(self) -> None:
        """Takes no more, and does not wait for what runs."""
        self._worker.shutdown(wait=False, cancel_futures=True)

    def _cancellable(self, ask: Callable[[], list[Verdict]]) -> list[Verdict]:
        self._check()
        asked = self._worker.submit(ask)
        while True:
            try:
                return asked.result(_POLL)
            except Late:
                if asked.done():  # it was the judge's own
                    raise
                try:
                    self._check()
                except BaseException:
                    asked.cancel()
                    raise
