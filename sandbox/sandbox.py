"""The sandbox: check, judge, and many at once. Everything the model writes goes through here."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from sleepy.sandbox import batch, isolation, pool, process, screen, toolchain
from sleepy.sandbox.case import Case
from sleepy.sandbox.compiler import Compiler
from sleepy.sandbox.isolation import Jail, Tier
from sleepy.sandbox.judge import Judge
from sleepy.sandbox.pool import Rooms
from sleepy.sandbox.toolchain import SandboxUnavailable
from sleepy.sandbox.verdict import Verdict

__all__ = ["Sandbox", "SandboxUnavailable"]
T = TypeVar("T")
R = TypeVar("R")


class Sandbox:
    """A probed jail with a pool of workers. Use as a context manager; `close` removes its folder.

    `jail` is the way in for what is not one file: a user's crate.
    """

    def __init__(self, jail: Jail, root: Path, workers: int) -> None:
        self.jail = jail
        self._root = root
        self.workers = workers
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="sandbox")
        self._compiler = Compiler(jail)
        self._judge = Judge(self._compiler, root, self._spread, workers, check=self.check_many, failures=self.failures)

    @classmethod
    def open(cls, *, tier: str | None = None, rustc: Path | None = None, workers: int | None = None) -> Sandbox:
        """Finds rustc, builds the launcher, probes the tiers. `SandboxUnavailable` when none holds."""
        wanted = None
        if tier and tier != "auto":
            try:
                wanted = Tier(tier)
            except ValueError:
                raise SandboxUnavailable(
                    f"no sandbox tier {tier!r}", remedy=f"one of auto, {', '.join(Tier)}"
                ) from None
        found = toolchain.find(rustc)
        root = pool.make()
        try:
            jail = isolation.open_jail(found, root, wanted)
        except BaseException:
            shutil.rmtree(root, ignore_errors=True)
            raise
        return cls(jail, root, workers or pool.size(process.COMPILE.memory))

    @property
    def tier(self) -> str:
        return self.jail.tier.value

    @property
    def toolchain(self) -> str:
        return self.jail.toolchain.version

    def close(self) -> None:
        self._pool.shutdown()
        shutil.rmtree(self._root, ignore_errors=True)

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()

    def check(self, source: str, *, edition: str = "2021") -> Verdict:
        """Type-checks one program (metadata only, as a library). PASS means it compiles."""
        with Rooms(self._root) as rooms:
            return self._compiler.check(rooms.new(), source, edition)

    def check_many(self, sources: Sequence[str], *, edition: str = "2021", exact: bool = True) -> list[Verdict]:
        """The verdicts of single checks, many at once: the same outcomes and, but for `rendered`, the same words.

        With `exact` off a suggestion may name an item of a program checked beside it.
        """
        verdicts, asked = self._first(sources, edition, exact)
        unclear = screen.groups(
            [i for i in range(len(sources)) if verdicts[i] is None and i not in asked], self.workers
        )
        check = partial(self.check, edition=edition)
        jobs = [*unclear, *([i] for i in asked)]
        found = self._spread(lambda group: screen.passing(check, [sources[i] for i in group]), jobs)
        for group, passed in zip(jobs, found, strict=True):
            for i, verdict in zip(group, passed, strict=True):
                verdicts[i] = verdict
        left = [i for i, verdict in enumerate(verdicts) if verdict is None]
        return [verdict for verdict in self._each_alone(verdicts, left, sources, edition) if verdict is not None]

    def failures(self, sources: Sequence[str], *, edition: str = "2021", exact: bool = True) -> list[Verdict | None]:
        """The verdicts of the programs that have errors; None, or PASS, for those of which only lints may complain.

        Half the work of `check_many`, for whoever compiles the others anyway.
        """
        verdicts, asked = self._first(sources, edition, exact)
        return self._each_alone(verdicts, asked, sources, edition)

    def _each_alone(
        self, verdicts: list[Verdict | None], asked: Sequence[int], sources: Sequence[str], edition: str
    ) -> list[Verdict | None]:
        """The verdicts, those asked for checked one by one."""
        for i, single in zip(
            asked, self._spread(lambda i: self.check(sources[i], edition=edition), asked), strict=True
        ):
            verdicts[i] = single
        return verdicts

    def _first(self, sources: Sequence[str], edition: str, exact: bool) -> tuple[list[Verdict | None], list[int]]:
        """The verdicts of programs whose errors a batch tells, and those that only a check alone can tell of.

        The first batch is checked while the programs of the next are read.
        """
        check = partial(self.check, edition=edition)
        asked: list[int] = []
        running: list[tuple[list[int], Future[dict[int, Verdict | None]]]] = []
        for group in screen.groups(range(len(sources)), self.workers):
            able = [i for i in group if batch.may_share(sources[i], edition)]
            asked += sorted(set(group) - set(able))
            texts = [sources[i] for i in able]
            running.append((able, self._pool.submit(screen.failing, check, texts, exact=exact)))
        verdicts: list[Verdict | None] = [None] * len(sources)
        for able, found in running:
            for place, verdict in found.result().items():
                verdicts[able[place]] = verdict
                asked += [able[place]] if verdict is None else []
        return verdicts, asked

    def judge(self, source: str, tests: str, *, original: str | None = None, edition: str = "2021") -> Verdict:
        """One verdict: policy, compile, hidden tests in a fresh jail."""
        return self.judge_many([Case(source, tests, original, edition)])[0]

    def judge_many(self, cases: Sequence[Case]) -> list[Verdict]:
        """Verdicts in the cases' order, as many at once as there are workers."""
        return self._judge.judge_many(cases)

    def _spread(self, act: Callable[[T], R], items: Sequence[T]) -> list[R]:
        return list(self._pool.map(act, items))
