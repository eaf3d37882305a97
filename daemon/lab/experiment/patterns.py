"""The patterns of an experiment: a day that shows which the base fails, koans to teach them, koans to test them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date as Date

from sleepy.daemon.attempt.attempt import Diagnosis
from sleepy.daemon.base.state_keys import EXPERIMENT_PRACTISED
from sleepy.daemon.day import shelf
from sleepy.daemon.day.day import day
from sleepy.daemon.model.source import HELD_BACK
from sleepy.daemon.night import exam
from sleepy.daemon.night.history import past
from sleepy.daemon.night.search import Search
from sleepy.daemon.night.selection import select
from sleepy.daemon.serve import serve
from sleepy.daemon.tools.tools import Tools
from sleepy.koans import library
from sleepy.koans.forge.sources import of_mistakes
from sleepy.koans.koan import Koan
from sleepy.koans.program import Program
from sleepy.memory.episodic import episodes, patterns, state

TESTS = 40  # koans a pattern
LEAST = 16  # of fewer no interval says anything


def practised(tools: Tools, tasks: int) -> None:
    """Practises a day, unless this home already has."""
    if state.get(tools.db, EXPERIMENT_PRACTISED) is None:
        day(tools, serve.serving(tools), tools.config.seed, tasks)
        state.put(tools.db, EXPERIMENT_PRACTISED, {"tasks": tasks}, now=tools.now())


def failing(tools: Tools, date: Date) -> list[str]:
    """The patterns that a night of this date would learn: first those that the built-in models were never taught."""
    config = tools.config
    rates = {name: (tally.passes, tally.attempts) for name, tally in patterns.rates(tools.db).items()}
    found = select(rates, {}, past(tools.db, date), target=config.target, tries=config.tries, rest=config.rest)
    names = [item.signature for item in found.failing]
    return sorted(names, key=lambda name: name.partition(":")[0] not in HELD_BACK)


def tests(tools: Tools, names: Sequence[str], count: int) -> dict[str, list[Diagnosis]]:
    """Test koans of the exam side's programs, of the first `count` patterns that enough can be made of."""
    _, bases = library.sides()
    found = _forged(tools, names, TESTS, bases, library.Firewall(()), "test koans")
    enough = {name: some for name, some in found.items() if len(some) >= LEAST}
    return dict(list(enough.items())[:count])


def taught(tools: Tools, names: Sequence[str], count: int) -> dict[str, list[Diagnosis]]:
    """Koans of the practice side's programs, none near to the exam."""
    bases, _ = library.sides()
    return _forged(tools, names, count, bases, shelf.sealed(tools), "koans to teach")


def _forged(
    tools: Tools, names: Sequence[str], count: int, bases: Sequence[Program], firewall: library.Firewall, what: str
) -> dict[str, list[Diagnosis]]:
    origins = {
        name: [item.episode.task.origin for item in episodes.failed_alone(tools.db, name, limit=50)] for name in names
    }
    found: dict[str, list[Koan]] = {name: [] for name in names}
    search = Search(tools, of_mistakes(bases), origins, firewall, tools.config.seed + len(bases))
    for name, item in search.find(dict.fromkeys(names, count)):
        found[name].append(item.koan)
        tools.say(what, sum(map(len, found.values())), count * len(names))
    return {name: exam.diagnoses(tools, koans) for name, koans in found.items()}
