"""Fixes tried in the background while a crate is red: one file at a time, at low priority, within a small budget.

An attempt is called off when its developer continues to type. It gets the broken file without its secrets, and works
with edits in the workspace's mirror, so that nothing of the user's is written. Its episode is recorded; its fix is not
kept: `sleepy fix` finds it again when it is asked for.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sleepy.daemon.base.config import Config
from sleepy.daemon.base.home import Home
from sleepy.daemon.base.listener import Complain
from sleepy.daemon.crate import lesson
from sleepy.daemon.fix.ladder import Rung
from sleepy.daemon.fix.lazy_model import LazyModel, OpenModel, open_model
from sleepy.daemon.fix.limits import Budget
from sleepy.daemon.fix.mend import mend
from sleepy.daemon.fix.record import episode
from sleepy.daemon.fix.rungs import allowed_rungs
from sleepy.daemon.fix.target import CrateTarget
from sleepy.daemon.watch.crate_state import RedFile
from sleepy.memory.episodic import versions
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.episodes import Episode
from sleepy.memory.episodic.tasks import Task
from sleepy.sandbox.sandbox import Sandbox
from sleepy.sandbox.verdict import Diagnostic
from sleepy.sandbox.workspace import Workspace

if TYPE_CHECKING:  # torch takes seconds to import
    from sleepy.daemon.model.language_model import LanguageModel

BUDGET = Budget(seconds=60.0, tries=24, detours=2)
NICENESS = 10  # of the watcher's threads and of the compilers they start: a build of the user's own goes first


@dataclass(frozen=True, slots=True)
class FixRequest:
    """What is to be fixed: `task.broken` is the text of `file`, relative to the workspace's root.

    The attempt should look at `cancelled` between its steps and return None when it is set. Where it reads the user's
    own text instead of `task.broken`, it takes the secrets out of its episode (scrub.py).
    """

    workspace: Workspace
    file: Path
    task: Task
    diagnostics: tuple[Diagnostic, ...]
    signature: str
    cancelled: threading.Event = field(default_factory=threading.Event)


TryFix = Callable[[FixRequest], Episode | None]
Done = Callable[[FixRequest, Episode], None]
Failed = Callable[[FixRequest, Exception], None]


def fix_requests(workspace: Workspace, broken: Sequence[RedFile]) -> list[FixRequest]:
    """Requests for the mistakes on record, without their secrets; they are called off together."""
    cancelled = threading.Event()
    found = []
    for item in broken:
        if item.path.is_relative_to(workspace.root):
            clean = lesson.scrubbed(item.text, "", item.diagnostics)
            task = lesson.task(lesson.task_name(item.path, workspace.packages), clean.broken)
            file = item.path.relative_to(workspace.root)
            found.append(FixRequest(workspace, file, task, clean.diagnostics, clean.signature, cancelled))
    return found


class BackgroundAttempts:
    """Attempts one after another in a thread of their own; no broken text is tried twice."""

    def __init__(self, attempt: TryFix, done: Done, failed: Failed) -> None:
        self._attempt, self._done, self._failed = attempt, done, failed
        self._tried: set[str] = set()
        self._cancelled: threading.Event | None = None
        self._thread: threading.Thread | None = None

    def begin(self, requests: Sequence[FixRequest]) -> None:
        """Tries these, in place of what is being tried."""
        self.cancel()
        fresh = [request for request in requests if request.task.digest not in self._tried]
        if not fresh:
            return
        cancelled = fresh[0].cancelled
        self._cancelled = cancelled
        self._thread = threading.Thread(target=self._work, args=(fresh, cancelled), name="attempt", daemon=True)
        self._thread.start()

    def cancel(self) -> None:
        """Calls off what is being tried; its result, if one comes, is dropped."""
        if self._cancelled is not None:
            self._cancelled.set()
            self._cancelled = None

    def end(self, patience: float) -> None:
        """Calls it off and waits so many seconds for it to end; what continues ends with the process."""
        self.cancel()
        if self._thread is not None:
            self._thread.join(patience)

    def _work(self, requests: Sequence[FixRequest], cancelled: threading.Event) -> None:
        lower_priority()
        for request in requests:
            if cancelled.is_set():
                return
            try:
                episode = self._attempt(request)
                if cancelled.is_set():
                    return
                self._tried.add(request.task.digest)
                if episode is not None:
                    self._done(request, episode)
            except Exception as error:
                if not cancelled.is_set():
                    self._failed(request, error)


def lower_priority() -> None:
    """Lowers the priority of the calling thread and of what it starts from now on. On Linux each thread has its own."""
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)


# what is tried


@contextmanager
def attempts(
    config: Config,
    home: Home,
    db: Database,
    sandbox: Sandbox,
    complain: Complain,
    *,
    with_model: bool = True,
    model: LanguageModel | None = None,
) -> Iterator[TryFix]:
    """What a `Watcher` takes as its `attempt`, for as long as this lasts. `model` is one that is open already.

    `complain` hears each complaint once.
    """
    told: set[str] = set()

    def once(what: str) -> None:
        if what not in told:
            told.add(what)
            complain(what)

    with ExitStack() as until:
        alone = threading.Lock()
        kept: OpenModel | None = None
        of: str | None = None  # the champion when it was opened

        def attempt(request: FixRequest) -> Episode | None:
            nonlocal kept, of
            with alone:
                if request.cancelled.is_set():
                    return None
                champion = versions.champion(db)
                if kept is not None and of != champion:
                    kept = None
                    until.close()
                lazy = LazyModel(lambda: open_model(config, home, db, until, once, model=model), kept)
                rungs = allowed_rungs(config, home, db, sandbox, lazy, once, with_model=with_model)
                try:
                    found = attempted(request, rungs, model=config.model)
                finally:
                    if kept is None:
                        kept, of = lazy.opened, champion
                if found is None or kept is None:
                    return found
                return replace(found, model=kept.answerer.name, version=kept.version)

        yield attempt


def attempted(
    request: FixRequest, ladder: Sequence[Rung], *, model: str, version: str | None = None, budget: Budget = BUDGET
) -> Episode | None:
    """The episode of an attempt at the request's task; None without a candidate, or where it was called off."""
    crate = CrateTarget(request.workspace)
    mended = mend(crate, ladder, budget=budget, only=request.file, stopped=request.cancelled.is_set)
    met = next((each for each in mended.climbs if each.problem.signature == request.signature), None)
    if met is None or request.cancelled.is_set():
        return None
    found = episode(met, mended, model=model, version=version, task_name=crate.task_name)
    return replace(found, task=request.task) if found is not None else None
