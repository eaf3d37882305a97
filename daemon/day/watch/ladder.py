"""The ladder of `sleepy fix` as what a watcher tries in the background.

Its model is loaded when a rung first asks for it, stays for the next mistake, and is opened anew when a night has
promoted another version meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from sleepy.daemon.config import Config
from sleepy.daemon.day.watch.trying import Attempt, Plea
from sleepy.daemon.fix import fix
from sleepy.daemon.fix.background import attempting
from sleepy.daemon.fix.voice import Speaker, Voice
from sleepy.daemon.home import Home
from sleepy.daemon.tools import Complain
from sleepy.memory.episodic import versions
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.episodes import Episode
from sleepy.sandbox.sandbox import Sandbox


@contextmanager
def attempts(
    config: Config, home: Home, db: Database, sandbox: Sandbox, complain: Complain, *, with_model: bool = True
) -> Iterator[Attempt]:
    """What a `Watcher` takes as its `attempt`, for as long as this lasts."""
    with ExitStack() as until:
        kept: Speaker | None = None

        def attempt(plea: Plea) -> Episode | None:
            nonlocal kept
            if kept is not None and kept.version != versions.champion(db):
                kept = None
                until.close()
            voice = Voice(lambda: fix.speaker(config, home, db, until, complain), kept)
            rungs = fix.ladder(config, home, db, sandbox, voice, complain, with_model=with_model)
            found = attempting(rungs, model=config.model)(plea)
            kept = voice.speaker
            if found is None or kept is None:
                return found
            return replace(found, model=kept.answerer.name, version=kept.version)

        yield attempt
