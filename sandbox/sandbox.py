"""The sandbox: check, judge, and many at once. Everything the model writes goes through here."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from sleepy.sandbox import batch, isolation, process, scratch, screen, toolchain
from sleepy.sandbox.compiler import Compiler
from sleepy.sandbox.isolation import Jail, Tier
from sleepy.sandbox.judge import CaseJudge
from sleepy.sandbox.process import Limits
from sleepy.sandbox.scratch import ScratchFolders
from sleepy.sandbox.toolchain import SandboxUnavailable
from sleepy.sandbox.verdict import Case, Verdict

__all__ = ["Sandbox", "SandboxUnavailable"]
_Job = tuple[Callable[[screen.CheckOne, Sequence[str]], list[Verdict | None]], list[int]]
T = TypeVar("T")
R = TypeVar("R")


class Sandbox:
    """A probed jail with a pool of workers. Use as a context manager; `close` removes its folder.

    `jail` is the way in for what is not one file: a user's crate.
    """

    def __init__(self, jail: Jail, root: Path, workers: int, compiling: Limits = process.COMPILE) -> None:
        self.jail = jail
        self._root = root
        self.workers = workers
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="sandbox")
        self._compiler = Compiler(jail, compiling)
        self._judge = CaseJudge(
            self._compiler, root, self._spread, workers, check=self.check_many, failures=self.failures
        )

    @classmethod
    def open(
        cls,
        *,
        tier: str | None = None,
        rustc: Path | None = None,
        workers: int | None = None,
        compiling: Limits = process.COMPILE,
    ) -> Sandbox:
        """Finds rustc, builds the launcher, probes the tiers. `SandboxUnavailable` when none holds.

        `compiling` is what one compilation may use.
        """
        wanted = None
        if tier and tier != "auto":
            try:
                wanted = Tier(tier)
            except ValueError:
                raise SandboxUnavailable(
                    f"no sandbox tier {tier!r}", remedy=f"one of auto, {', '.join(Tier)}"
                ) from None
        found = toolchain.find(rustc)
        root = scratch.make_root()
        try:
            jail = isolation.open_jail(found, root, wanted)
        except BaseException:
            shutil.rmtree(root, ignore_errors=True)
            raise
        return cls(jail, root, workers or scratch.worker_count(compiling.memory), compiling)

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
        with ScratchFolders(self._root) as scratch:
            return self._compiler.check(scratch.new(), source, edition)

    def check_many(self, sources: Sequence[str], *, edition: str = "2021", exact: bool = True) -> list[Verdict]:
        """The verdicts of single checks, many at once: the same outcomes and, but for `rendered`, the same words.

        With `exact` off a suggestion may name an item of a program checked beside it.
        """
        verdicts, doubtful, alone = self._first(sources, edition, exact)
        known = {*doubtful, *alone}
        unclear = [i for i in range(len(sources)) if verdicts[i] is None and i not in known]
        jobs: list[_Job] = [(screen.passing, group) for group in screen.groups(unclear, self.workers)]
        self._filled(verdicts, [*jobs, *self._again(doubtful, alone)], sources, edition)
        return [verdict for verdict in verdicts if verdict is not None]

    def failures(self, sources: Sequence[str], *, edition: str = "2021", exact: bool = True) -> list[Verdict | None]:
        """The verdicts of the programs that have errors; None, or PASS, for those of which only lints may complain.

        Half the work of `check_many`, for whoever compiles the others anyway.
        """
        verdicts, doubtful, alone = self._first(sources, edition, exact)
        self._filled(verdicts, self._again(doubtful, alone), sources, edition)
        return verdicts

    def _first(
        self, sources: Sequence[str], edition: str, exact: bool
    ) -> tuple[list[Verdict | None], list[int], list[int]]:
        """The verdicts of programs whose errors a batch tells; whose words are in doubt; who cannot share one.

        The first batch is checked while the programs of the next are read.
        """
        check = partial(self.check, edition=edition)
        alone: list[int] = []
        running: list[tuple[list[int], Future[dict[int, Verdict | None]]]] = []
        for group in screen.groups(range(len(sources)), self.workers):
            able = [i for i in group if batch.may_share(sources[i], edition)]
            alone += sorted(set(group) - set(able))
            texts = [sources[i] for i in able]
            running.append((able, self._pool.submit(screen.failing, check, texts, exact=exact)))
        verdicts: list[Verdict | None] = [None] * len(sources)
        doubtful: list[int] = []
        for able, found in running:
            for place, verdict in found.result().items():
                verdicts[able[place]] = verdict
                doubtful += [able[place]] if verdict is None else []
        return verdicts, doubtful, alone

    def _again(self, doubtful: Sequence[int], alone: Sequence[int]) -> list[_Job]:
        """Those in doubt once more, with other neighbours, and one by one those that cannot share."""
        groups = [*screen.groups(doubtful, self.workers), *([i] for i in alone)]
        return [(screen.failed, group) for group in groups]

    def _filled(
        self, verdicts: list[Verdict | None], jobs: Sequence[_Job], sources: Sequence[str], edition: str
    ) -> None:
        """Does the jobs and sets their programs' verdicts; whoever is without one then is checked alone."""
        check = partial(self.check, edition=edition)
        found = self._spread(lambda job: job[0](check, [sources[i] for i in job[1]]), jobs)
        for (_, group), said in zip(jobs, found, strict=True):
            for i, verdict in zip(group, said, strict=True):
                verdicts[i] = verdict
        left = [i for _, group in jobs for i in group if verdicts[i] is None]
        for i, single in zip(left, self._spread(lambda i: check(sources[i]), left), strict=True):
            verdicts[i] = single

    def judge(self, source: str, tests: str, *, original: str | None = None, edition: str = "2021") -> Verdict:
        """One verdict: policy, compile, hidden tests in a fresh jail."""
        return self.judge_many([Case(source, tests, original, edition)])[0]

    def judge_many(self, cases: Sequence[Case]) -> list[Verdict]:
        """Verdicts in the cases' order, as many at once as there are workers."""
        return self._judge.judge_many(cases)

    def _spread(self, act: Callable[[T], R], items: Sequence[T]) -> list[R]:
        return list(self._pool.map(act, items))
