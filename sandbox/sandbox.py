"""The sandbox: check, judge, and many at once. Everything the model writes goes through here."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
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
        verdicts = self.failures(sources, edition=edition, exact=exact)
        open_ones = screen.groups([i for i, verdict in enumerate(verdicts) if verdict is None], self.workers)
        check = partial(self.check, edition=edition)
        found = self._spread(lambda group: screen.passing(check, [sources[i] for i in group]), open_ones)
        for group, passed in zip(open_ones, found, strict=True):
            for i, verdict in zip(group, passed, strict=True):
                verdicts[i] = verdict
        alone = [i for i, verdict in enumerate(verdicts) if verdict is None]
        for i, single in zip(alone, self._spread(check, [sources[i] for i in alone]), strict=True):
            verdicts[i] = single
        return [verdict for verdict in verdicts if verdict is not None]

    def failures(self, sources: Sequence[str], *, edition: str = "2021", exact: bool = True) -> list[Verdict | None]:
        """The verdicts of the programs that have errors; None, or PASS, for those of which only lints may complain.

        Half the work of `check_many`, for whoever compiles the others anyway.
        """
        verdicts: list[Verdict | None] = [None] * len(sources)
        shared = [i for i, source in enumerate(sources) if batch.may_share(source, edition)]
        check = partial(self.check, edition=edition)

        def failed(group: Sequence[int]) -> dict[int, Verdict | None]:
            if len(group) == 1:
                return {group[0]: check(sources[group[0]])}
            found = screen.failing(check, [sources[i] for i in group], exact=exact)
            return {group[place]: verdict for place, verdict in found.items()}

        groups = screen.groups(shared, self.workers) + [[i] for i in sorted(set(range(len(sources))) - set(shared))]
        found = {i: verdict for group in self._spread(failed, groups) for i, verdict in group.items()}
        asked = [i for i, verdict in found.items() if verdict is None]
        found |= dict(zip(asked, self._spread(lambda i: check(sources[i]), asked), strict=True))
        for i, verdict in found.items():
            verdicts[i] = verdict
        return verdicts

    def judge(self, source: str, tests: str, *, original: str | None = None, edition: str = "2021") -> Verdict:
        """One verdict: policy, compile, hidden tests in a fresh jail."""
        return self.judge_many([Case(source, tests, original, edition)])[0]

    def judge_many(self, cases: Sequence[Case]) -> list[Verdict]:
        """Verdicts in the cases' order, as many at once as there are workers."""
        return self._judge.judge_many(cases)

    def _spread(self, act: Callable[[T], R], items: Sequence[T]) -> list[R]:
        return list(self._pool.map(act, items))
