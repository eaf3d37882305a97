"""The seam between what is to be done and where: work is handed over as jobs, and an executor does them.

What travels are plain data: jobs, their terms, their results. No database, no open sandbox and no loaded model travels;
what a job needs of these its function opens where it runs, and keeps for the next. So all writes stay with whoever asks,
and a job that is done twice, since its node was lost, has the same result twice and is counted once.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.listener import Say

T = TypeVar("T")
R = TypeVar("R")

Hear = Callable[[str, float], None]
"""Called a few times a second with what is being done, and how many jobs are done, shares of jobs included.

If it raises, what runs is told to stop, and the exception propagates.
"""


LOOK = "`sleepy cluster status` shows the nodes; what was done is kept, and begun again it goes on from there"


class JobFailed(UserError):
    """A job ended without a result; the message says why in one sentence."""

    exit_code = 1


@dataclass(frozen=True, slots=True)
class Fitness:
    """Whether a process on a node can do a kind of work: `why` says why not, "" where it can."""

    why: str = ""
    tier: str = ""  # of its sandbox, where it has one


def fits(_terms: Any) -> Fitness:
    """That of work which needs nothing but sleepy itself."""
    return Fitness()


@dataclass(frozen=True, slots=True)
class JobKind(Generic[T, R]):
    """A kind of job. `act(terms, job, say)` does one: a function of a module, found by its name elsewhere.

    `here` does one in this process, with what is open in it already; without, processes of their own do, `at_once` of
    them, each within `limit` MiB (0: unlimited). `fit` is asked of each process on a node before its first job.

    On a node a job takes `cores` and is long, or shares them with other work (0) and is short; it takes so many `gpus`,
    and `memory` bytes at most. Jobs of one `key` are done on one node, as long as that is there. A job is tried again `retries` times when its node is
    lost.
    """

    name: str
    act: Callable[[Any, T, Say], R]
    terms: Any
    here: Callable[[T], R] | None = None
    at_once: int = 1
    limit: int = 0
    fit: Callable[[Any], Fitness] = fits
    cores: int = 0
    gpus: int = 0
    per_node: int = 0  # processes on a node at most; 0: as many as fit
    memory: int = 0
    key: Callable[[T], str] | None = None
    retries: int = 3


def unheard(what: str, done: float) -> None:
    """A `Hear` that ignores everything."""


class Executor(Protocol):
    """Where jobs are done."""

    @property
    def spreads(self) -> bool:
        """Whether work is worth cutting into many jobs."""
        ...

    def map(self, work: JobKind[T, R], jobs: Iterable[T], *, hear: Hear = unheard) -> Generator[R, None, None]:
        """The results in the jobs' order. Jobs are taken when there is room for them, so few are on their way at once.

        An error of a job is raised here. Whoever closes the iterator stops what runs.
        """
        ...
