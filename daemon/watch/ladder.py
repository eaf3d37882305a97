"""The watcher's attempts: one file of a red crate, within a small budget, called off when its developer goes on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from sleepy.daemon.base.config import Config
from sleepy.daemon.base.home import Home
from sleepy.daemon.base.listener import Complain
from sleepy.daemon.fix.ladder import Rung
from sleepy.daemon.fix.lazy_model import LazyModel, OpenModel, open_model
from sleepy.daemon.fix.mend import Budget, mend
from sleepy.daemon.fix.record import episode
from sleepy.daemon.fix.rungs import allowed_rungs
from sleepy.daemon.fix.target import CrateTarget
from sleepy.daemon.watch.trying import Attempt, Plea
from sleepy.memory.episodic import versions
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.episodes import Episode
from sleepy.sandbox.sandbox import Sandbox

if TYPE_CHECKING:  # torch takes seconds to import
    from sleepy.daemon.model.language_model import LanguageModel

BUDGET = Budget(seconds=60.0, tries=24, detours=2)


def attempting(
    ladder: Sequence[Rung], *, model: str, version: str | None = None, budget: Budget = BUDGET
) -> Callable[[Plea], Episode | None]:
    """What a `Watcher` takes as its `attempt`. The episode is of the plea's task; None without a candidate."""

    def attempt(plea: Plea) -> Episode | None:
        crate = CrateTarget(plea.workspace)
        mended = mend(crate, ladder, budget=budget, only=plea.file, stopped=plea.cancelled.is_set)
        if plea.cancelled.is_set():
            return None
        met = next((each for each in mended.climbs if each.problem.signature == plea.signature), None)
        found = (
            episode(met, mended, model=model, version=version, task_name=crate.task_name) if met is not None else None
        )
        return replace(found, task=plea.task) if found is not None else None

    return attempt


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
        kept: OpenModel | None = None
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
                lazy = LazyModel(lambda: open_model(config, home, db, until, once, model=model), kept)
                rungs = allowed_rungs(config, home, db, sandbox, lazy, once, with_model=with_model)
                try:
                    found = attempting(rungs, model=config.model)(plea)
                finally:
                    if kept is None:
                        kept, of = lazy.opened, champion
                if found is None or kept is None:
                    return found
                return replace(found, model=kept.answerer.name, version=kept.version)

        yield attempt
