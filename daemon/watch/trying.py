"""A fix tried in the background while a crate is red: at low priority, called off when its developer goes on.

What is tried is handed in as a callable; it gets the broken file without its secrets, and works with edits in the
workspace's mirror, so that nothing of the user's is written. Its episode is recorded; its fix is not kept, `sleepy fix`
finds it again when it is asked for.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sleepy.daemon.crate import lesson
from sleepy.daemon.watch.story import Broken
from sleepy.memory.episodic.episodes import Episode
from sleepy.memory.episodic.tasks import Task
from sleepy.sandbox.verdict import Diagnostic
from sleepy.sandbox.workspace import Workspace

NICENESS = 10  # of the watcher's threads and of the compilers they start: a build of the user's own goes first


@dataclass(frozen=True, slots=True)
class Plea:
    """What is to be fixed: `task.broken` is the text of `file`, relative to the workspace's root.

    The attempt should look at `cancelled` between its steps and return None when it is set. Where it reads the user's own
    text instead of `task.broken`, it takes the secrets out of its episode (scrub.py).
    """

    workspace: Workspace
    file: Path
    task: Task
    diagnostics: tuple[Diagnostic, ...]
    signature: str
    cancelled: threading.Event = field(default_factory=threading.Event)


Attempt = Callable[[Plea], Episode | None]
Done = Callable[[Plea, Episode], None]
Failed = Callable[[Plea, Exception], None]


def pleas(workspace: Workspace, broken: Sequence[Broken]) -> list[Plea]:
    """What is asked for mistakes on record, without their secrets; called off together."""
    cancelled = threading.Event()
    found = []
    for item in broken:
        if item.path.is_relative_to(workspace.root):
            clean = lesson.scrubbed(item.text, "", item.diagnostics)
            task = lesson.task(lesson.task_name(item.path, workspace.packages), clean.broken)
            file = item.path.relative_to(workspace.root)
            found.append(Plea(workspace, file, task, clean.diagnostics, clean.signature, cancelled))
    return found


class Background:
    """Attempts one after another in a thread of their own; no broken text is tried twice."""

    def __init__(self, attempt: Attempt, done: Done, failed: Failed) -> None:
        self._attempt, self._done, self._failed = attempt, done, failed
        self._tried: set[str] = set()
        self._cancelled: threading.Event | None = None
        self._thread: threading.Thread | None = None

    def begin(self, pleas: Sequence[Plea]) -> None:
        """Tries these, in place of what is being tried."""
        self.cancel()
        fresh = [plea for plea in pleas if plea.task.digest not in self._tried]
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
        """Calls it off and waits so many seconds for it to have ended; what goes on ends with the process."""
        self.cancel()
        if self._thread is not None:
            self._thread.join(patience)

    def _work(self, pleas: Sequence[Plea], cancelled: threading.Event) -> None:
        lower()
        for plea in pleas:
            if cancelled.is_set():
                return
            try:
                episode = self._attempt(plea)
                if cancelled.is_set():
                    return
                self._tried.add(plea.task.digest)
                if episode is not None:
                    self._done(plea, episode)
            except Exception as error:
                if not cancelled.is_set():
                    self._failed(plea, error)


def lower() -> None:
    """Lowers the priority of the calling thread and of what it starts from now on. On Linux each thread has its own."""
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
