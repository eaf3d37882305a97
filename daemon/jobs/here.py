"""This machine: jobs are done in this process, or in worker processes of their own."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from typing import TypeVar

from sleepy.daemon.jobs import processes
from sleepy.daemon.jobs.work import Hear, JobKind, unheard

T = TypeVar("T")
R = TypeVar("R")


class Here:
    """Does every job here; the same as calling the work's function, or starting its processes, without a seam."""

    spreads = False

    def map(self, work: JobKind[T, R], jobs: Iterable[T], *, hear: Hear = unheard) -> Generator[R, None, None]:
        """The results in the jobs' order; in this process one job after the other, when its result is asked for."""
        if work.here is None:
            yield from processes.done(work, jobs, hear)
        else:
            yield from map(work.here, jobs)
