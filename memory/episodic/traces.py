"""Traces: what remembers a thing that is to be forgotten, in rows and in what was trained. Nothing is changed here.

A night learnt from it if a lesson was drawn from one of its episodes or tasks, or if it went on with a candidate that
was taught so; a version did if it was made in such a night or descends, by its parents, from one that was: a basis
keeps what was merged into it. What was learnt later under the same scope, or a finer one, may have been learnt further
from such a pattern, and goes with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, Select, or_, select

from sleepy.memory.episodic import candidates
from sleepy.memory.episodic import episodes as episode_rows
from sleepy.memory.episodic import tasks as task_rows
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.episodes import Recorded
from sleepy.memory.episodic.tables import episodes, fixes, lessons, patterns, routes, tasks, versions
from sleepy.memory.episodic.tasks import Task
from sleepy.memory.parametric.scope import scopes


class Forgettable(StrEnum):
    EPISODE = "episode"  # one, by its number; its task goes with the last episode of it
    PATTERN = "pattern"  # a signature and every episode of it
    PATH = "path"  # every task of this name or digest, of a function in this file, or below this folder


@dataclass(frozen=True, slots=True)
class Trace:
    """`learnt`: night's row id -> the patterns that it taught with it; `tainted`: version -> the patterns it must lose."""

    kind: Forgettable
    name: str
    episodes: tuple[Recorded, ...]
    tasks: tuple[Task, ...]  # whose text goes
    repairs: tuple[str, ...]  # the developer's repairs that go with them
    lessons: int
    learnt: Mapping[int, tuple[str, ...]]
    tainted: Mapping[str, tuple[str, ...]]

    @property
    def found(self) -> bool:
        return bool(self.episodes or self.tasks or self.lessons or self.tainted)

    @property
    def patterns(self) -> tuple[str, ...]:
        """All that were taught with it."""
        return tuple(sorted({name for names in self.learnt.values() for name in names}))


def trace(connection: Connection, kind: Forgettable, name: str) -> Trace:
    """All traces of an episode (its number as text), a signature, or a task's name, digest or folder."""
    which, going = _which(kind, name)
    drawn = taught(kind, name)
    learnt: dict[int, set[str]] = defaultdict(set)
    count = 0
    query = (
        select(lessons.c.night_id, patterns.c.signature)
        .join(patterns, patterns.c.id == lessons.c.pattern_id)
        .where(drawn)
    )
    for night, signature in connection.execute(query):
        learnt[night].add(signature)
        count += 1
    for night, names in list(learnt.items()):
        for later, carried in candidates.carried(connection, night, names).items():
            learnt[later] |= carried
    gone = connection.execute(select(tasks).where(going).order_by(tasks.c.id)).all()
    repaired = (
        select(fixes.c.source).join(tasks, tasks.c.id == fixes.c.task_id).where(or_(going, _of_pattern(kind, name)))
    )
    return Trace(
        kind,
        name,
        tuple(episode_rows.collect(connection, episode_rows.whole().where(which))),
        tuple(task_rows.of_row(row) for row in gone),
        tuple(connection.execute(repaired).scalars()),
        count,
        {night: tuple(sorted(names)) for night, names in sorted(learnt.items())},
        _tainted(connection, kind, name, learnt),
    )


def taught(kind: Forgettable, name: str) -> ColumnElement[bool]:
    """The lessons that were drawn from it.

    Those of a coarser scope do not say which signature they are of: a pattern's include its code's, and those of all.
    """
    which, going = _which(kind, name)
    drawn = lessons.c.episode_id.in_(select(episodes.c.id).where(which)) | lessons.c.task_digest.in_(
        select(tasks.c.digest).where(going)
    )
    if kind is Forgettable.PATH:  # of functions of the user's: forged from a file, never attempted
        drawn = drawn | _within(lessons.c.program, f"crate:{name.rstrip('/')}")
    covering = select(patterns.c.id).where(patterns.c.signature.in_(scopes(name)))
    return drawn | lessons.c.pattern_id.in_(covering) if kind is Forgettable.PATTERN else drawn


def going(kind: Forgettable, name: str) -> ColumnElement[bool]:
    """The tasks that go with it: those of which no other episode is left."""
    return _which(kind, name)[1]


def names(db: Database, *, limit: int) -> list[str]:
    """The names of the tasks that were attempted, the newest first."""
    query = select(tasks.c.name).where(tasks.c.id.in_(select(episodes.c.task_id))).order_by(tasks.c.id.desc())
    with db.reading() as connection:
        return list(dict.fromkeys(connection.execute(query.limit(limit)).scalars()))


def _which(kind: Forgettable, name: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Which episodes, and which tasks."""
    if kind is Forgettable.PATH:
        named = (tasks.c.name == name) | (tasks.c.digest == name) | _within(tasks.c.name, name.rstrip("/"))
        return episodes.c.task_id.in_(select(tasks.c.id).where(named)), named
    which = episodes.c.id == int(name) if kind is Forgettable.EPISODE else episodes.c.pattern_id.in_(_ids(name))
    mine: ColumnElement[bool] = tasks.c.id.in_(select(episodes.c.task_id).where(which))
    if kind is Forgettable.PATTERN:
        mine = mine | tasks.c.id.in_(select(fixes.c.task_id).where(fixes.c.pattern_id.in_(_ids(name))))
    others = select(episodes.c.task_id).where(~which)
    return which, mine & tasks.c.id.not_in(others)


def _within(column: ColumnElement[str], name: str) -> ColumnElement[bool]:
    """What is below a folder, or is a function of a file."""
    return column.startswith(f"{name}/", autoescape=True) | column.startswith(f"{name}#", autoescape=True)


def _ids(signature: str) -> Select[tuple[int]]:
    return select(patterns.c.id).where(patterns.c.signature == signature)


def _of_pattern(kind: Forgettable, name: str) -> ColumnElement[bool]:
    return fixes.c.pattern_id.in_(_ids(name if kind is Forgettable.PATTERN else ""))


def _tainted(
    connection: Connection, kind: Forgettable, name: str, learnt: Mapping[int, set[str]]
) -> dict[str, tuple[str, ...]]:
    """Every version that has it in its ancestry, the oldest first."""
    rows = connection.execute(select(versions).order_by(versions.c.created, versions.c.id)).all()
    parents = {row.id: row.parent_id for row in rows}
    direct: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row.night_id in learnt:
            direct[row.id] |= learnt[row.night_id]
    if kind is Forgettable.PATTERN:
        routed = select(routes.c.version_id).where((routes.c.serves == name) | routes.c.pattern_id.in_(_ids(name)))
        for version in connection.execute(routed).scalars():
            direct[version].add(name)
        for names in direct.values():
            names.add(name)
    serving: dict[str, set[str]] = defaultdict(set)
    for version, pattern in connection.execute(select(routes.c.version_id, routes.c.serves)):
        serving[version].add(pattern)
    found = {}
    for row in rows:
        own, *before = (direct.get(version, set()) for version in _chain(row.id, parents))
        inherited = set().union(*before)
        further = {pattern for pattern in serving[row.id] if inherited.intersection(scopes(pattern))}
        if names := own | inherited | further:
            found[row.id] = tuple(sorted(names))
    return found


def _chain(version: str | None, parents: Mapping[str, str | None]) -> Iterator[str]:
    while version is not None:
        yield version
        version = parents[version]
