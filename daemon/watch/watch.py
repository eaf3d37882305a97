"""The watcher: follows the user's crates, and keeps what their developer's repairs teach.

    watcher = Watcher(crates, db, partial(Sandbox.open, tier=config.tier), home.crates, say=tell, attempt=None)
    watcher.run(stop_event)                 in a thread of one's own, until the event is set
    watcher.start(); ...; watcher.stop()    the same in a thread of the watcher's

`crates` are folders; the cache is a folder of sleepy's own, shared with `sleepy fix`. The sandbox is opened in the
watcher's thread, whose priority is lowered, and that of the compilers with it. No lock of the home is taken: the
database has many writers, and two watchers of one crate keep the same lesson once. `attempt` gets a `FixRequest` and returns
an `Episode`, or None; it runs in a thread of its own.

State it keeps while it runs, under the keys CRATE + root and OFFER: how the crate is (`state`: green, red or unknown,
`files`, `signature`, `since`, and `why` it is unknown where it cannot be followed), and the fix that is ready (`crate`, `file`, `rung`, `signature`).

Nothing is ever written in a crate. Not promised: that a stop waits for a build (a killed compiler is the sandbox's
to clean up), and lessons from errors that only a build script, an environment variable or a file other than Rust explains.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path

from sleepy.daemon.base.clock import utc
from sleepy.daemon.crate import ignore
from sleepy.daemon.watch.attempts import TryFix, lower_priority
from sleepy.daemon.watch.crate import FollowedCrate, WatchContext
from sleepy.daemon.watch.crate_state import Health, Pace
from sleepy.daemon.watch.events import Event, EventKind, HearEvent, silent
from sleepy.daemon.watch.follow import follow
from sleepy.memory.episodic.database import Database
from sleepy.sandbox.manifest import WorkspaceError
from sleepy.sandbox.sandbox import Sandbox

_PATIENCE = 5.0  # seconds that `stop` waits: a build that goes on longer ends with the process


class Watcher:
    """Follows crates until it is told to stop."""

    def __init__(
        self,
        crates: Sequence[Path],
        db: Database,
        sandbox: Callable[[], AbstractContextManager[Sandbox]],
        cache: Path,
        *,
        now: Callable[[], datetime] = utc,
        say: HearEvent = silent,
        attempt: TryFix | None = None,
        pace: Pace | None = None,
        clock: Callable[[], float] = time.monotonic,
        cargo_home: Path | None = None,
    ) -> None:
        self._paths, self._db, self._sandbox, self._cache = [path.expanduser() for path in crates], db, sandbox, cache
        self._now, self._say, self._attempt, self._clock = now, say, attempt, clock
        self._pace, self._cargo_home = pace or Pace(), cargo_home
        self._crates: dict[Path, FollowedCrate] = {}
        self._left = list(self._paths)  # not opened yet
        self._told: set[str] = set()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def run(self, stop: threading.Event) -> None:
        """Follows the crates until `stop` is set. `SandboxUnavailable` when there is no jail to check them in."""
        lower_priority()
        with self._sandbox() as sandbox:
            context = self._context(sandbox)
            tick = min(0.5, self._pace.quiet / 2)
            tried = float("-inf")
            try:
                for changes in self._following(stop, tick):
                    at = self._clock()
                    if self._left and at - tried >= self._pace.again:
                        tried = at
                        self._open(context)
                    for crate in list(self._crates.values()):
                        if stop.is_set():
                            return
                        try:
                            crate.step(at, changed=_concern(changes, crate))
                        except OSError as error:  # one crate's folder that was closed, say: the others go on
                            self._trouble(str(crate.root), f"{error}; check the path and its permissions")
            finally:
                for crate in self._crates.values():
                    crate.call_off()  # all of them first: one may be waiting for another's
                for crate in self._crates.values():
                    crate.end()

    def once(self) -> dict[Path, Health]:
        """Checks every crate once and says how it is; nothing is learnt."""
        with self._sandbox() as sandbox:
            context = self._context(sandbox)
            self._open(context)
            for crate in self._crates.values():
                crate.glance()
                crate.end()
        return {root: crate.health for root, crate in self._crates.items()}

    def start(self) -> None:
        """Runs in a thread, which does not keep the process alive."""
        self._stopping.clear()
        self._thread = threading.Thread(target=self.run, args=(self._stopping,), name="watcher", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread; waits a little for what it is at."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(_PATIENCE)
            self._thread = None

    def _context(self, sandbox: Sandbox) -> WatchContext:
        return WatchContext(
            self._db,
            sandbox.jail,
            self._cache,
            self._now,
            self._clock,
            self._say,
            self._pace,
            self._attempt,
            self._cargo_home,
        )

    def _open(self, context: WatchContext) -> None:
        """Opens the crates that can be; what is wrong with another is told once, and it is tried again later."""
        for path in list(self._left):
            try:
                crate = FollowedCrate(path, context)
            except (WorkspaceError, OSError) as error:
                self._trouble(str(path), f"{error}; {getattr(error, 'remedy', 'check the path and its permissions')}")
                continue
            self._left.remove(path)
            if crate.root not in self._crates:
                self._crates[crate.root] = crate
                self._say(Event(EventKind.WATCHING, str(crate.root)))

    def _following(self, stop: threading.Event, tick: float) -> Iterator[set[Path]]:
        return follow(self._folders, stop, lambda what: self._trouble("", what), tick=tick)

    def _folders(self) -> frozenset[Path]:
        return frozenset[Path]().union(*(crate.folders for crate in self._crates.values()))

    def _trouble(self, crate: str, message: str) -> None:
        if message not in self._told:
            self._told.add(message)
            self._say(Event(EventKind.TROUBLE, crate, message=message))


def _concern(changes: set[Path], crate: FollowedCrate) -> bool:
    return any(ignore.counts(path) and (path.parent in crate.folders or path in crate.folders) for path in changes)
