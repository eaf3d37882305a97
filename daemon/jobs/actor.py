"""What does jobs on a node: a process of Ray's, an actor, that keeps what its jobs need between them.

It has two threads: one does its jobs in the order in which they came, the other answers what it is at and hears that it
is to stop.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.listener import Say
from sleepy.daemon.jobs.processes import JobStopped, lower_priority, reason
from sleepy.daemon.jobs.work import LOOK, Fitness, JobFailed


@dataclass(frozen=True, slots=True)
class JobLabel:
    """What `sleepy cluster status` tells of a job: the work's name, who asked, and how many more are waiting there."""

    work: str
    head: str
    waiting: int


@dataclass(frozen=True, slots=True)
class ActorState:
    """What an actor is at; without a `task` nothing. `done` of `total` is its job's own count."""

    node: str  # its id
    task: JobLabel | None
    since: float  # time.time
    what: str
    done: int
    total: int
    jobs: int  # done so far
    tier: str


class JobActor:
    """Does the jobs of one kind of work of one head on a node; `gives_way` to what else that does."""

    def __init__(self, node: str, gives_way: bool) -> None:
        if gives_way:
            lower_priority()
        self._node = node
        self._terms: Any = None
        self._stopping = threading.Event()
        self._task: JobLabel | None = None
        self._said = ("", 0, 1)
        self._since, self._jobs, self._tier = time.time(), 0, ""

    def ready(self, fit: Callable[[Any], Fitness], terms: Any) -> Fitness:
        """Takes the terms of the jobs that come next; whether it can do them."""
        self._stopping.clear()
        self._terms = terms
        found = fit(terms)
        self._tier = found.tier
        return found

    def do(self, act: Callable[[Any, Any, Say], Any], job: Any, task: JobLabel) -> Any:
        """Does a job. `JobFailed` in the place of an error that could not travel; None where it was told to stop."""

        def say(what: str, done: int, total: int) -> None:
            if self._stopping.is_set():
                raise JobStopped
            self._said = what, done, total

        self._task, self._since, self._said = task, time.time(), (task.work, 0, 1)
        try:
            return act(self._terms, job, say)
        except JobStopped:
            return None
        except UserError:
            raise
        except Exception as error:
            raise JobFailed(reason(error), remedy=LOOK) from None
        finally:
            self._task, self._since = None, time.time()
            self._jobs += 1

    def doing(self) -> ActorState:
        """What it is at."""
        return ActorState(self._node, self._task, self._since, *self._said, self._jobs, self._tier)

    def stop(self) -> None:
        """Has its job end at the next word of it, with a checkpoint where it keeps any."""
        self._stopping.set()
