"""The watcher's attempts: one file of a red crate, within a small budget, called off when its developer goes on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from sleepy.daemon.day.watch.trying import Plea
from sleepy.daemon.fix.mend import mend
from sleepy.daemon.fix.mended import Budget
from sleepy.daemon.fix.problem import Rung
from sleepy.daemon.fix.record import episode
from sleepy.daemon.fix.target import Crate
from sleepy.memory.episodic.episodes import Episode

BUDGET = Budget(seconds=60.0, tries=24, detours=2)


def attempting(
    ladder: Sequence[Rung], *, model: str, version: str | None = None, budget: Budget = BUDGET
) -> Callable[[Plea], Episode | None]:
    """What a `Watcher` takes as its `attempt`. The episode is of the plea's task; None without a candidate."""

    def attempt(plea: Plea) -> Episode | None:
        crate = Crate(plea.workspace)
        mended = mend(crate, ladder, budget=budget, only=plea.file, stopped=plea.cancelled.is_set)
        if plea.cancelled.is_set():
            return None
        met = next((each for each in mended.climbs if each.problem.signature == plea.signature), None)
        found = episode(met, mended, model=model, version=version, called=crate.called) if met is not None else None
        return replace(found, task=plea.task) if found is not None else None

    return attempt
