"""`sleepy fix`: opens what it needs, in the order in which it may fail, mends, and remembers what it tried.

sandbox -> the crate or the file -> memory, if it can be had -> the ladder -> mend -> episodes
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sleepy.daemon.base.clock import utc
from sleepy.daemon.base.config import Config
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home
from sleepy.daemon.base.listener import Complain, Say, silent
from sleepy.daemon.fix.ladder import ORDER
from sleepy.daemon.fix.lazy_model import Voice
from sleepy.daemon.fix.mend import mend
from sleepy.daemon.fix.outcome import Budget, Mended
from sleepy.daemon.fix.problem import Rung
from sleepy.daemon.fix.record import record
from sleepy.daemon.fix.rungs import Asked, Compiler, Hinted, Recalled, Remote, Sampled
from sleepy.daemon.fix.speakers import server, speaker
from sleepy.daemon.fix.target import Target, opened
from sleepy.daemon.model.hints import FILE, Hints
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.errors import DatabaseError
from sleepy.sandbox.sandbox import Sandbox

CACHE = "crates"  # below the home: mirrors and target directories, the watcher's too


@dataclass(frozen=True, slots=True)
class Fixed:
    """A mending of a target."""

    target: Target
    mended: Mended

    def moved(self) -> set[Path]:
        """The sources, by absolute path, that are not as they were when the repair was last tested."""
        return self.target.tree().changed(self.mended.tree)


def fix(
    path: Path,
    config: Config,
    home: Home,
    complain: Complain,
    *,
    with_model: bool = True,
    budget: Budget | None = None,
    say: Say = silent,
    now: Callable[[], datetime] = utc,
) -> Fixed:
    """Mends what `path` names. Nothing is written to the user's tree; `complain` hears what is done without.

    `SandboxUnavailable`, `UserError` and `WorkspaceError` where it cannot be begun.
    """
    with ExitStack() as open_things:
        sandbox = open_things.enter_context(Sandbox.open(tier=config.tier))
        cache = open_things.enter_context(_cache(home))
        target, only = opened(path, sandbox, cache)
        db = open_things.enter_context(memory(home, complain))
        voice = Voice(lambda: speaker(config, home, db, open_things, complain))
        rungs = ladder(config, home, db, sandbox, voice, complain, with_model=with_model)
        mended = mend(target, rungs, budget=budget, only=only, say=say)
        if db is not None and mended.climbs:
            spoke = voice.speaker
            name, version = (spoke.answerer.name, spoke.version) if spoke is not None else (config.model, None)
            try:
                record(db, mended, model=name, version=version, now=now, called=target.called)
            except DatabaseError as error:
                complain(f"what was tried is not remembered: {error}")
        return Fixed(target, mended)


def ladder(
    config: Config,
    home: Home,
    db: Database | None,
    sandbox: Sandbox,
    voice: Voice,
    complain: Complain,
    *,
    with_model: bool = True,
) -> Sequence[Rung]:
    """The rungs that the settings allow, in order."""
    rungs: dict[str, Rung] = {
        "compiler": Compiler(),
        "recall": Recalled(db, lambda text: sandbox.check(text).diagnostics),
    }
    if with_model:
        hints = _hints(home, complain)
        rungs["model"] = Asked(voice)
        rungs["hints"] = Hinted(voice, hints.of, config.turns)
        rungs["samples"] = Sampled(voice, config.samples)
        if config.server:
            rungs["server"] = Remote(Voice(lambda: server(config, complain)), hints.of, config.turns)
    return [rungs[name] for name in ORDER if name in rungs]


@contextmanager
def memory(home: Home, complain: Complain) -> Iterator[Database | None]:
    """The home's memory; None where it cannot be opened, and `complain` hears why.

    No lock is taken: the database has many writers, and the daemon may be at work in the home.
    """
    try:
        home.make()
        db = Database.open(home.database)
    except (UserError, OSError, DatabaseError) as error:
        complain(f"nothing is recalled or remembered: {error}")
        yield None
        return
    with db:
        yield db


@contextmanager
def _cache(home: Home) -> Iterator[Path]:
    """Where a crate's copy and its target directory are kept: in the home, or only for now."""
    place = home.root / CACHE
    try:
        home.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        place.mkdir(exist_ok=True)
        place.chmod(0o700)  # copies of crates, that may lie in a folder of the user's that is closed to others
        with tempfile.TemporaryFile(dir=place):
            pass
    except OSError:
        with tempfile.TemporaryDirectory(prefix="sleepy-fix-") as scratch:
            yield Path(scratch)
        return
    yield place


def _hints(home: Home, complain: Complain) -> Hints:
    try:
        return Hints.load(home.root / FILE)
    except UserError as error:
        complain(f"your own hints are left out: {error}")
        return Hints.load()
