"""A Ray cluster as executor: jobs are done by processes of ours on its nodes (`crews.py`, `actor.py`).

We hand out the jobs ourselves, not Ray: at most two are on their way to a process, results come back in the jobs' order,
and a job whose node is lost goes to another.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections import Counter, deque
from collections.abc import Generator, Iterable, Iterator, Sized
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.jobs import connection
from sleepy.daemon.jobs.actor import JobLabel
from sleepy.daemon.jobs.crews import Crews, NoNode, Process
from sleepy.daemon.jobs.processes import GRACE
from sleepy.daemon.jobs.work import LOOK, Hear, JobFailed, JobKind, unheard

__all__ = ["NoNode", "Nodes"]
T = TypeVar("T")
R = TypeVar("R")

_POLL = 0.25  # seconds
_AHEAD = 2  # short jobs on their way to a process: the next is there when one is done
_WINDOW = 4  # jobs taken for each process beyond the one whose result is next, at most
_LEAST = 16  # the same in all
_IDLE = 600.0  # seconds without work after which our processes end
_PATIENCE = 60.0  # seconds without any node before the work is given up


class Nodes:
    """The nodes at an address (see `connection`). Close it: its processes end with it."""

    spreads = True

    def __init__(self, address: str) -> None:
        self.crews = Crews(connection.connected(address))
        self._homes: dict[str, str] = {}  # a job's key -> the node that did such a job
        self._rounds = 0  # that are under way
        self._idle: threading.Timer | None = None

    def close(self) -> None:
        """Ends our processes on the nodes, and leaves the cluster."""
        self._awake()
        self.crews.close()
        connection.left(self.crews.ray)

    def map(self, work: JobKind[T, R], jobs: Iterable[T], *, hear: Hear = unheard) -> Generator[R, None, None]:
        """The results in the jobs' order; whoever closes it stops the jobs that are on their way.

        `NoNode` where no node can do the work or all are lost; `JobFailed` where a job fails, or is lost too often.
        """
        self._awake()
        self._rounds += 1
        try:
            made = _Round[T, R](self.crews, self._homes, work, jobs, hear)
            try:
                yield from made.results()
            finally:
                made.stop()
                self.crews.finish(work)
        finally:
            self._rounds -= 1
            if self._rounds == 0:
                self._idle = threading.Timer(_IDLE, self._rest)
                self._idle.daemon = True
                self._idle.start()

    def _awake(self) -> None:
        if self._idle is not None:
            self._idle.cancel()

    def _rest(self) -> None:
        """Gives the nodes their memory back: a daemon has hours without work."""
        if self._rounds == 0:
            self.crews.close()


@dataclass(frozen=True, slots=True)
class _Given(Generic[T]):
    """A job on its way."""

    number: int
    job: T
    process: Process


class _Round(Generic[T, R]):
    """One `map`: the jobs that wait, those on their way, and the results whose turn it is not yet."""

    def __init__(self, crews: Crews, homes: dict[str, str], work: JobKind[T, R], jobs: Iterable[T], hear: Hear) -> None:
        self._crews, self._homes, self._work, self._hear = crews, homes, work, hear
        self._ray = crews.ray
        self._source: Iterator[tuple[int, T]] = enumerate(jobs)
        self._terms = self._ray.put(work.terms)
        self._crew = crews.begin(work, self._terms)
        self._again: deque[tuple[int, T]] = deque()
        self._reserved: dict[str, deque[tuple[int, T]]] = {}  # node -> jobs that are to be done there
        self._running: dict[Any, _Given[T]] = {}
        self._asked: dict[Any, Process] = {}  # references of answers what a process is at
        self._shares: dict[Process, float] = {}
        self._results: dict[int, R] = {}
        self._losses: Counter[int] = Counter()
        self._count = len(jobs) if isinstance(jobs, Sized) else None
        self._taken = self._yielded = 0
        self._exhausted = False
        self._manned = time.monotonic()  # when a process was last there
        self._what = work.name

    @property
    def _is_long(self) -> bool:
        return self._work.cores > 0

    @property
    def _waiting(self) -> int:
        return len(self._again) + sum(map(len, self._reserved.values()))

    @property
    def _untaken(self) -> int:
        """Jobs that are not taken yet, as far as that is known."""
        return 0 if self._count is None else self._count - self._taken

    def results(self) -> Iterator[R]:
        """Hands out, collects and yields until all is done."""
        while True:
            while self._yielded in self._results:
                self._yielded += 1
                yield self._results.pop(self._yielded - 1)
            self._hand_out()
            if self._exhausted and not self._running and not self._waiting and not self._results:
                return
            self._check()
            for reference in self._answered():
                self._take_in(reference)
            self._hear(self._what, self._yielded + len(self._results) + sum(self._shares.values()))
            self._crews.renew(self._work, self._terms)

    def stop(self) -> None:
        """Ends what is on its way: long jobs with `GRACE` seconds for a checkpoint; of short ones nobody hears any more."""
        busy = {given.process: reference for reference, given in self._running.items()}
        if not self._is_long or not busy:
            return
        with contextlib.suppress(Exception):  # a cluster that is gone has stopped
            for process in busy:
                process.actor.stop.remote()
            self._ray.wait(list(busy.values()), num_returns=len(busy), timeout=GRACE)
        for process in busy:
            self._crews.end(self._work.name, process)

    def _hand_out(self) -> None:
        """Gives every process that can work its next job; all have one before any has two."""
        able = [process for process in self._crew if process.ready is None]
        load = Counter(given.process for given in self._running.values())
        for depth in range(1 if self._is_long else _AHEAD):
            for process in able:
                if (
                    load[process] == depth
                    and (job := self._next(process, max(_LEAST, _WINDOW * len(able)))) is not None
                ):
                    task = JobLabel(
                        self._work.name, self._crews.head, len(self._running) + self._waiting + self._untaken
                    )
                    reference = process.actor.do.remote(self._work.act, job[1], task)
                    self._running[reference] = _Given(*job, process)
                    load[process] += 1
                    if self._work.key is not None:
                        self._homes[self._work.key(job[1])] = process.node.id

    def _next(self, process: Process, most: int) -> tuple[int, T] | None:
        """The next job for a process: one that is to be done on its node, one that was lost, or a new one."""
        for queue in (self._reserved.get(process.node.id), self._again):
            if queue:
                return queue.popleft()
        while not self._exhausted and self._taken - self._yielded < most:
            job = next(self._source, None)
            if job is None:
                self._exhausted = True
                return None
            self._taken += 1
            home = self._homes.get(self._work.key(job[1])) if self._work.key is not None else None
            if home is None or home == process.node.id or all(each.node.id != home for each in self._crew):
                return job
            self._reserved.setdefault(home, deque()).append(job)
        return None

    def _check(self) -> None:
        """Raises `NoNode` once nobody is left to wait for."""
        if self._crew:
            self._manned = time.monotonic()
        elif (none := self._crews.none(self._work)) is not None:
            if self._crews.unfit or time.monotonic() - self._manned > _PATIENCE:
                raise none

    def _answered(self) -> list[Any]:
        """The references whose answers are there; waits a little for the first."""
        asked = [process.ready for process in self._crew if process.ready is not None]
        if self._is_long:
            free = {given.process for given in self._running.values()} - set(self._asked.values())
            self._asked |= {process.actor.doing.remote(): process for process in free}
        references = [*self._running, *asked]
        if not references:
            time.sleep(_POLL)
            return []
        self._ray.wait(references, num_returns=1, timeout=_POLL)
        references += self._asked
        return list(self._ray.wait(references, num_returns=len(references), timeout=0)[0])

    def _take_in(self, reference: Any) -> None:
        """Takes in the answer to a job, to whether a process is ready, or to what it is at."""
        given, asked = self._running.get(reference), self._asked.pop(reference, None)
        process = given.process if given is not None else asked
        if process is None:
            process = next((each for each in self._crew if each.ready == reference), None)
        if process is None:
            return  # it is one of a process that was lost meanwhile
        try:
            found = self._ray.get(reference)
        except connection.lost() as error:
            self._take_back(self._crews.lost(self._work, process), error)
            return
        except self._ray.exceptions.RayTaskError as error:
            raise _cause(error) from None
        if given is not None:
            del self._running[reference]
            self._shares.pop(process, None)
            self._results[given.number] = found
        elif asked is not None:
            if found.task is not None and any(each.process is process for each in self._running.values()):
                self._what, self._shares[process] = found.what, found.done / max(1, found.total)
        elif found.why:
            self._crews.refuse(self._work, process, found.why)
        else:
            process.ready = None

    def _take_back(self, gone: list[Process], error: Exception) -> None:
        """The jobs of lost processes wait again."""
        for reference in [each for each, given in self._running.items() if given.process in gone]:
            given = self._running.pop(reference)
            self._losses[given.number] += 1
            if self._losses[given.number] > self._work.retries:
                raise JobFailed(f"its process was lost {self._losses[given.number]} times: {_line(error)}", remedy=LOOK)
            self._again.append((given.number, given.job))
        for process in gone:
            self._shares.pop(process, None)
            if all(each.node.id != process.node.id for each in self._crew):
                self._again.extend(self._reserved.pop(process.node.id, ()))


def _cause(error: Any) -> BaseException:
    """What a job raised."""
    cause = error.cause
    return cause if isinstance(cause, UserError) else JobFailed(_line(cause or error), remedy=LOOK)


def _line(error: BaseException) -> str:
    return str(error).strip().split("\n")[0] or repr(error)
