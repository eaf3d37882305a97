"""`sleepy forget`: removes an episode, a pattern or a task from everything that remembers it.

In this order, so that nothing forgotten serves even if the process is killed, and the next run completes it:
1. one transaction removes the rows, the texts in the nights' records and the remembered verdicts that quote them,
   takes every version that learnt from them out of service (the base model serves) and stores what is left to do;
2. champion and previous version are rebuilt without the patterns that were taught with it (see rebuild), and serve;
3. files go: the versions, what those nights left of their training, reports that showed the text;
4. the forgetting is recorded, by a digest of the name.

Not covered: what left the home (`sleepy export`, backups), lines in logs until these rotate, and the user's own
files, which are never touched.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home
from sleepy.daemon.base.listener import Say, silent
from sleepy.daemon.base.pattern import spoken
from sleepy.daemon.base.text import plural
from sleepy.daemon.serve import fallback
from sleepy.daemon.stages import store
from sleepy.daemon.stages.stages import Collected
from sleepy.daemon.versions import files, rebuild, unfinished
from sleepy.daemon.versions.unfinished import Job, Rebuilt, Unfinished
from sleepy.koans import library
from sleepy.koans.koan import KoanError
from sleepy.memory.episodic import forget as rows
from sleepy.memory.episodic import forgettings, nights, scrub, tasks, traces, versions
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.forgettings import Forgetting
from sleepy.memory.episodic.nights import Night, NightState
from sleepy.memory.episodic.traces import Forgettable, Trace
from sleepy.memory.episodic.versions import Alias

_SERVED = (Alias.PREVIOUS, Alias.CHAMPION)
_STEPS = 4


@dataclass(frozen=True, slots=True)
class Changes:
    """What a forgetting changed: `rebuilt` by alias, `reports` by date; `nights` are dates whose training was deleted."""

    removed: tuple[str, ...]
    rebuilt: dict[str, Rebuilt]
    patterns: int
    nights: tuple[str, ...]
    begun_anew: tuple[str, ...]
    verdicts: int
    reports: dict[str, str]


@dataclass(frozen=True, slots=True)
class Done:
    """What was forgotten and what that changed; `kept` are files of the user's own that still have the text."""

    kind: Forgettable
    digest: str
    episodes: int
    lessons: int
    outcome: Changes
    kept: tuple[str, ...] = ()


def forget(db: Database, home: Home, kind: Forgettable, name: str, *, now: datetime, say: Say = silent) -> Done:
    """Forgets something completely. `UserError` if nothing is known of it, or another forgetting is unfinished."""
    if unfinished.pending(db) is not None:
        raise UserError("an earlier forgetting was interrupted", remedy="`sleepy forget` completes it")
    kept = _own_files(db, home, kind, name)
    say("rows", 0, _STEPS)
    with db.writing() as connection:
        found = traces.trace(connection, kind, name)
        if not found.found:
            raise UserError(
                f"nothing is known of {name!r}, so there is nothing to forget", remedy="`sleepy why` says what is known"
            )
        unfinished.write(db, _begun(db, connection, found, kept, now), now=now)
    return resume(db, home, now=now, say=say)


def resume(db: Database, home: Home, *, now: datetime, say: Say = silent) -> Done:
    """Completes an unfinished forgetting. Raises `UserError` if there is none."""
    plan = unfinished.read(db)
    if plan is None:
        raise UserError("no forgetting was interrupted", remedy="name what to forget")
    say("versions", 1, _STEPS)
    made = plan.rebuilt
    if made is None:
        pointed = versions.pointed(db)
        made = {
            name: rebuild.without(db, home, job.version, job.without, now=now)
            for name, job in plan.rebuild.items()
            if pointed.get(Alias(name)) is None  # else a night has promoted another version since, which stays
        }
        plan = replace(plan, rebuilt=made)
        with db.writing():
            for name, item in made.items():
                reason = f"rebuilt after something was forgotten ({plan.kind})"
                versions.point(db, Alias(name), item.version, reason=reason, now=now)
            unfinished.write(db, plan, now=now)
    say("files", 2, _STEPS)
    reports = files.removed(db, home, plan, now=now)
    say("record", 3, _STEPS)
    outcome = Changes(plan.removed, made, len(plan.patterns), plan.clear, plan.restarted, plan.verdicts, reports)
    with db.writing():
        forgettings.record(db, Forgetting(now, plan.kind, plan.digest, plan.episodes, plan.lessons, asdict(outcome)))
        unfinished.end(db)
        fallback.note_fallback(db, None, now=now)
    rows.settle(db)
    return Done(plan.kind, plan.digest, plan.episodes, plan.lessons, outcome, plan.kept)


def preview(db: Database, kind: Forgettable, name: str) -> Trace:
    """What would be removed; changes nothing."""
    with db.reading() as connection:
        return traces.trace(connection, kind, name)


def _begun(db: Database, connection: Connection, found: Trace, kept: list[str], now: datetime) -> Unfinished:
    """Removes the rows of the first step; returns what is left to do."""
    slept = nights.recent(db, limit=100_000)
    pointed = versions.pointed(db)
    tainted = [night for night in slept if _champion(db, night) in found.tainted]
    made = {versions.read(db, version).night for version in found.tainted}
    digest = forgettings.named(found.name)
    rows.erase(connection, found)
    left = {item.name for task in found.tasks for item in tasks.find(db, task.name)}
    gone = {task.name for task in found.tasks} - left
    gone |= {found.name} if found.kind is Forgettable.PATTERN else set()
    names = {name: f"forgotten-{forgettings.named(name)[:8]}" for name in sorted(gone)}
    changed = scrub.rows(connection, scrub.Scrub(names, {task.name for task in found.tasks}))
    texts = [text for task in found.tasks for text in (task.broken, task.fixed, task.tests)]
    texts += [*found.repairs, *(tried.source for item in found.episodes for tried in item.episode.attempts)]
    again = [
        night
        for night in slept
        if night.state is not NightState.DONE and (night in tainted or night.id in changed or night.id in found.learnt)
    ]
    scrub.restart(connection, [night.id for night in again])
    versions.withdraw(db, list(found.tainted), reason=f"something it learnt from was forgotten ({found.kind})", now=now)
    return Unfinished(
        kind=found.kind,
        digest=digest,
        tasks=tuple(sorted({word for task in found.tasks for word in (task.name, task.digest)})),
        crates=any(task.kind is tasks.TaskKind.CRATE for task in found.tasks),
        signature=found.name if found.kind is Forgettable.PATTERN else None,
        episodes=len(found.episodes),
        lessons=found.lessons,
        patterns=tuple(found.patterns),
        verdicts=scrub.judged(connection, texts),
        rebuild={
            alias.value: Job(target, tuple(found.tainted[target]))
            for alias in _SERVED
            if (target := pointed.get(alias)) is not None and target in found.tainted
        },
        removed=tuple(found.tainted),
        restarted=_dates(again),
        clear=_dates(n for n in slept if n in tainted or n.id in found.learnt or n.id in made),
        reports=_dates(_told(slept, changed, everything=found.kind is Forgettable.PATTERN)),
        kept=tuple(kept),
    )


def _told(slept: list[Night], changed: set[int], *, everything: bool) -> list[Night]:
    """The nights whose reports may show it: a pattern's name also appears in the history of later ones."""
    first = min((night.date for night in slept if night.id in changed), default=None)
    return [night for night in slept if night.id in changed or (everything and first and night.date >= first)]


def _champion(db: Database, night: Night) -> str | None:
    """The version that was the champion when the night began."""
    known = store.read(db, night.id, Collected)
    return known.champion if known is not None else None


def _dates(some: Iterable[Night]) -> tuple[str, ...]:
    return tuple(sorted(night.date.isoformat() for night in some))


def _own_files(db: Database, home: Home, kind: Forgettable, name: str) -> list[str]:
    """The user's own files that have the text; they are never touched."""
    with db.reading() as connection:
        found = traces.trace(connection, kind, name).tasks
    names = {task.name for task in found}
    kept = [task.name for task in found if Path(task.name).is_absolute() and Path(task.name).exists()]
    try:
        koans = library.load(home.koans) if home.koans.is_dir() else []
    except (KoanError, OSError):
        koans = []
    digests = {task.digest for task in found}
    mine = [f"the koan {koan.id} in {home.koans}" for koan in koans if koan.id in names or koan.digest in digests]
    return [*dict.fromkeys(kept), *mine]


_NAMED = 5


def question(found: Trace) -> str:
    """What would be removed, for a person to agree to."""
    name = f"episode {found.name}" if found.kind is Forgettable.EPISODE else spoken(found.name)
    lines = [
        f"{name}: this deletes {plural(len(found.episodes), 'episode')} and {plural(found.lessons, 'lesson')}.",
    ]
    if found.tasks:
        lines.append(f"It also deletes the text of {_list([task.name for task in found.tasks])}.")
    elif found.kind is Forgettable.EPISODE:
        lines.append("Its task stays, since it has other episodes. Name the task to forget all of them.")
    if found.tainted:
        lines.append(f"{plural(len(found.tainted), 'version')} learnt from it and will be deleted.")
        again = sorted({spoken(name) for names in found.tainted.values() for name in names})
        lines.append(f"To be learnt again: {_list(again)}.")
    return "\n".join(lines)


def line(done: Done) -> str:
    """The forgetting as one line of JSON."""
    return json.dumps(asdict(done), ensure_ascii=False)


def view(done: Done) -> str:
    """What was forgotten, for a person."""
    outcome = done.outcome
    lines = [f"Forgotten: {plural(done.episodes, 'episode')}, {plural(done.lessons, 'lesson')}."]
    if outcome.verdicts:
        lines.append(f"Also {plural(outcome.verdicts, 'remembered verdict')} that quoted it.")
    for alias, item in outcome.rebuilt.items():
        now = f"{item.version} with {plural(item.patterns, 'pattern')}" if item.version else "the base model"
        why = f" ({item.reason})" if item.reason else ""
        lines.append(f"The {alias} is now {now}, instead of {item.instead_of}{why}.")
    rebuilt = {item.version for item in outcome.rebuilt.values()}
    if gone := [version for version in outcome.removed if version not in rebuilt]:
        lines.append(f"Deleted: {_list(gone)}.")
    if outcome.patterns:
        lines.append(f"{plural(outcome.patterns, 'pattern')} taught with it can be learnt again from what is left.")
    lines += [f"The unfinished night of {date} starts over." for date in outcome.begun_anew]
    lines += [f"The report of {date} was {what}." for date, what in outcome.reports.items()]
    lines += [f"Your own, left as it is: {path}." for path in done.kept]
    return "\n".join(lines)


def _list(names: list[str]) -> str:
    shown = ", ".join(names[:_NAMED])
    return shown + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")
