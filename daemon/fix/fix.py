"""`sleepy fix`: opens what it needs, in the order in which it may fail, repairs, and remembers what it tried.

sandbox -> the crate or the file -> memory, if it can be had -> the ladder -> mend -> episodes
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sleepy.daemon.base.clock import utc
from sleepy.daemon.base.config import Config
from sleepy.daemon.base.home import Home
from sleepy.daemon.base.listener import Complain, Say, silent
from sleepy.daemon.fix.lazy_model import LazyModel, open_model
from sleepy.daemon.fix.limits import Budget
from sleepy.daemon.fix.mend import mend
from sleepy.daemon.fix.mended import Mended
from sleepy.daemon.fix.record import record
from sleepy.daemon.fix.rungs import allowed_rungs
from sleepy.daemon.fix.target import FixTarget, open_target
from sleepy.daemon.tools.tools import optional_memory
from sleepy.memory.episodic.errors import DatabaseError
from sleepy.sandbox.isolation import Jail
from sleepy.sandbox.sandbox import Sandbox
from sleepy.sandbox.scope import Scope


@dataclass(frozen=True, slots=True)
class Fixed:
    """A target and what its repair came to."""

    target: FixTarget
    mended: Mended

    @property
    def offered(self) -> bool:
        """Whether there is a repair, and all of it was verified: nothing else is written, or offered to be."""
        return self.mended.fixed and bool(self.mended.edits)

    def moved(self) -> set[Path]:
        """The sources, by absolute path, that are not as they were when the repair was last tested."""
        return self.target.tree().changed(self.mended.tree)


AtHead = Callable[[Path, Jail, Path, Scope | None], Collection[tuple[str, str]]]


def _unknown(_root: Path, _jail: Jail, _cache: Path, _scope: Scope | None) -> Collection[tuple[str, str]]:
    return ()


def fix(
    path: Path,
    config: Config,
    home: Home,
    complain: Complain,
    *,
    with_model: bool = True,
    scope: Scope | None = None,
    budget: Budget | None = None,
    say: Say = silent,
    now: Callable[[], datetime] = utc,
    stopped: Callable[[], bool] = lambda: False,
    at_head: AtHead = _unknown,
) -> Fixed:
    """The repair of what `path` names. Nothing is written to the user's tree; `complain` hears what is left out.

    `stopped` is asked before each candidate; what was called off is not remembered. `at_head` tells the tests
    that fail at git's HEAD. `SandboxUnavailable`, `UserError`
    and `WorkspaceError` where it cannot be begun.
    """
    with ExitStack() as until:
        sandbox = until.enter_context(Sandbox.open(tier=config.tier))
        cache = until.enter_context(_cache(home))
        target, only = open_target(path, sandbox, cache, scope)
        db = until.enter_context(optional_memory(home, complain, without="working without memory"))
        model = LazyModel(lambda: open_model(config, home, db, until, complain))
        rungs = allowed_rungs(config, home, db, sandbox, model, complain, with_model=with_model)
        mended = mend(
            target,
            rungs,
            budget=budget,
            only=only,
            say=say,
            stopped=stopped,
            apart=lambda: model.seconds,
            at_head=lambda: at_head(target.root, sandbox.jail, cache, scope),
        )
        if db is not None and mended.climbs and not stopped():
            used = model.opened
            name, version = (used.answerer.name, used.version) if used is not None else (config.model, None)
            try:
                record(db, mended, model=name, version=version, now=now, task_name=target.task_name)
            except DatabaseError as error:
                complain(f"what was tried could not be recorded: {error}")
        return Fixed(target, mended)


@contextmanager
def _cache(home: Home) -> Iterator[Path]:
    """Where a crate's copy and its target directory are kept: in the home, or where that fails only for now."""
    place = home.crates
    try:
        home.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        place.mkdir(exist_ok=True)
        place.chmod(0o700)  # copies of crates that may lie in a folder closed to others
        with tempfile.TemporaryFile(dir=place):
            pass
    except OSError:
        with tempfile.TemporaryDirectory(prefix="sleepy-fix-") as scratch:
            yield Path(scratch)
        return
    yield place
