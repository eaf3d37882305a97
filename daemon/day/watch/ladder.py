"""The ladder of `sleepy fix` as what a watcher tries in the background.

Its model is loaded when a rung first asks for it, stays for the next mistake, and is opened anew when a night has
promoted another version meanwhile. Attempts wait for one another, whichever crate they are for: there is one model,
and no two threads are in it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from sleepy.daemon.config import Config
from sleepy.daemon.day.watch.trying import Attempt, Plea
from sleepy.daemon.fix import fix
from sleepy.daemon.fix.background import attempting
from sleepy.daemon.fix.speakers import speaker
from sleepy.daemon.fix.voice import Speaker, Voice
from sleepy.daemon.home import Home
from sleepy.daemon.tools import Complain
from sleepy.memory.episodic import versions
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.episodes import Episode
from sleepy.sandbox.sandbox import Sandbox

if TYPE_CHECKING:  # torch takes seconds to import
    from sleepy.daemon.agent.model import LanguageModel


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
) -> Iterator[Attempt]:
    """What a `Watcher` takes as its `attempt`, for as long as this lasts. `model` is one that is open already.

    What is complained of is said once.
    """
    told: set[str] = set()

    def once(what: str) -> None:
        if what not in told:
            told.add(what)
            complain(what)

    with ExitStack() as until:
        alone = threading.Lock()
        kept: Speaker | None = None
        of: str | None = None  # the champion when it was opened

        def attempt(plea: Plea) -> Episode | None:
            nonlocal kept, of
            with alone:
                if plea.cancelled.is_set():
                    return None
                champion = versions.champion(db)
                if kept is not None and of != champion:
                    kept = None
                    until.close()
                voice = Voice(lambda: speaker(config, home, db, until, once, model=model), kept)
                rungs = fix.ladder(config, home, db, sandbox, voice, once, with_model=with_model)
                try:
                    found = attempting(rungs, model=config.model)(plea)
                finally:
                    if kept is None:
                        kept, of = voice.speaker, champion
                if found is None or kept is None:
                    return found
                return replace(found, model=kept.answerer.name, version=kept.version)

        yield attempt
