"""Versions: what can be served. Immutable, named by their content; aliases say which one is.

An alias points to a version or, as None, to the bare base model; one that was never set is absent.
Every move is kept.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from sleepy.memory.episodic import nights as night_rows
from sleepy.memory.episodic import routes as route_rows
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.engine import upsert
from sleepy.memory.episodic.routes import Route
from sleepy.memory.episodic.tables import alias_moves, aliases, versions

BASE = "base"  # how a user names the bare base model


class Alias(StrEnum):
    CHAMPION = "champion"  # serves the day
    CHALLENGER = "challenger"  # sits the exam
    PREVIOUS = "previous"  # what a rollback returns to


@dataclass(frozen=True, slots=True)
class Version:
    """`path` is relative to the home; `files` are (name, sha256); `removed` is when they were collected."""

    id: str
    parent: str | None
    night: int | None
    created: datetime
    path: str
    files: tuple[tuple[str, str], ...]
    note: str = ""
    removed: datetime | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """One move of an alias; None is the bare base model."""

    moved: datetime
    alias: Alias
    from_version: str | None
    to_version: str | None
    reason: str


class VersionError(Exception):
    """A version that does not exist or cannot be served; names it and what would do."""

    exit_code = 2

    def __init__(self, message: str, *, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


def register(
    db: Database,
    version: str,
    *,
    path: str,
    files: Mapping[str, str],
    parent: str | None,
    night: int | None,
    routes: Sequence[Route] = (),
    note: str = "",
    now: datetime,
) -> None:
    """Makes a version and its routes known once its files are written. Knowing it already is no error."""
    with db.writing() as connection:
        made = connection.execute(
            upsert(connection, versions)
            .values(
                id=version,
                parent_id=parent,
                night_id=night,
                created=now,
                path=path,
                files=dict(sorted(files.items())),
                note=note,
            )
            .on_conflict_do_nothing(index_elements=[versions.c.id])
        )
        if made.rowcount == 0:  # the same content again: its files are there again too
            connection.execute(update(versions).where(versions.c.id == version).values(removed=None))
        route_rows.written(connection, version, routes, now)


def promote(
    db: Database,
    version: str,
    *,
    night: int,
    reasons: Sequence[Any],
    decision: str = "promote",
    now: datetime,
) -> None:
    """The version becomes champion and the champion previous, together with the night's decision.

    One transaction; doing it again after it was done changes nothing. `reasons` are JSON values. `VersionError` if
    unknown.
    """
    with db.writing() as connection:
        _known(connection, version)
        night_rows.decided(connection, night, decision, reasons)
        before = _pointed(connection, lock=True)
        if before.get(Alias.CHAMPION) == version:
            return
        reason = f"night {night}: {decision}"
        _move(connection, before, Alias.PREVIOUS, before.get(Alias.CHAMPION), reason, now)
        _move(connection, before, Alias.CHAMPION, version, reason, now)


def rollback(db: Database, version: str | None = None, *, reason: str, now: datetime) -> str | None:
    """Makes an earlier version champion (anything `resolve` takes; by default `previous`); returns its id, None for the base.

    The champion of before becomes `previous`, so rolling back twice is where one started.
    """
    with db.writing() as connection:
        before = _pointed(connection, lock=True)
        target = resolve(db, version or Alias.PREVIOUS.value)
        if target is not None:
            _known(connection, target)
        champion = before.get(Alias.CHAMPION)
        if target != champion:
            _move(connection, before, Alias.PREVIOUS, champion, reason, now)
            _move(connection, before, Alias.CHAMPION, target, reason, now)
    return target


def point(db: Database, alias: Alias, version: str | None, *, reason: str, now: datetime) -> None:
    """Moves one alias, such as `challenger` to what was just trained."""
    with db.writing() as connection:
        if version is not None:
            _known(connection, version)
        _move(connection, _pointed(connection, lock=True), alias, version, reason, now)


def pointed(db: Database) -> dict[Alias, str | None]:
    """Where the aliases point; one that was never set is absent."""
    with db.reading() as connection:
        return _pointed(connection)


def champion(db: Database) -> str | None:
    """The version that serves; None is the bare base model."""
    return pointed(db).get(Alias.CHAMPION)


def withdraw(db: Database, gone: Collection[str], *, reason: str, now: datetime) -> None:
    """Takes versions out of service in one step: their files count as removed, aliases to them turn to the base."""
    with db.writing() as connection:
        before = _pointed(connection, lock=True)
        for alias, target in before.items():
            if target in gone:
                _move(connection, before, alias, None, reason, now)
        for version in gone:
            here = versions.c.id == version, versions.c.removed.is_(None)
            connection.execute(update(versions).where(*here).values(removed=now))


def promoted(db: Database) -> list[str]:
    """Every version that has ever been champion, the one that last became it first."""
    query = (
        select(alias_moves.c.to_id)
        .where(alias_moves.c.alias == Alias.CHAMPION.value, alias_moves.c.to_id.is_not(None))
        .order_by(alias_moves.c.id.desc())
    )
    with db.reading() as connection:
        return list(dict.fromkeys(connection.execute(query).scalars()))


def lineage(db: Database, version: str | None) -> list[Version]:
    """The version and its ancestors, itself first."""
    found: list[Version] = []
    with db.reading():
        while version is not None:
            found.append(read(db, version))
            version = found[-1].parent
    return found


def resolve(db: Database, name: str) -> str | None:
    """A version's id from an alias, its id, an unambiguous beginning of it, or `base` (None).

    `VersionError` for anything else, and for `previous` and `challenger` before they were set.
    """
    if name == BASE:
        return None
    with db.reading() as connection:
        if name in set(Alias):
            there = _pointed(connection)
            if name not in there and name != Alias.CHAMPION:
                raise VersionError(f"there is no {name} version yet", remedy="`sleepy versions` lists them")
            return there.get(Alias(name))
        query = select(versions.c.id).where(versions.c.id.startswith(name, autoescape=True)).limit(2)
        found = list(connection.execute(query).scalars())
    if name in found:
        return name
    if len(found) != 1 or not name:
        raise VersionError(
            f"{name!r} is {'the beginning of several versions' if found else 'no version'}",
            remedy="`sleepy versions` lists them; `base` is the bare model",
        )
    return str(found[0])


def read(db: Database, version: str) -> Version:
    """The version with this id; `VersionError` if there is none."""
    with db.reading() as connection:
        return _version(_known(connection, version, served=False))


def recent(db: Database, *, limit: int = 100) -> list[Version]:
    """The newest versions, the newest first, those whose files were collected included."""
    query = select(versions).order_by(versions.c.created.desc(), versions.c.id).limit(limit)
    with db.reading() as connection:
        return [_version(row) for row in connection.execute(query)]


def moves(db: Database, *, limit: int = 100) -> list[Move]:
    """The newest moves of aliases, the newest first."""
    query = select(alias_moves).order_by(alias_moves.c.id.desc()).limit(limit)
    with db.reading() as connection:
        return [
            Move(row.moved, Alias(row.alias), row.from_id, row.to_id, row.reason) for row in connection.execute(query)
        ]


def remove(db: Database, version: str, *, now: datetime) -> None:
    """Records that the version's files are about to be collected; its row stays, as what served an episode.

    `VersionError` while an alias points to it.
    """
    with db.writing() as connection:
        _known(connection, version, served=False)
        held = [alias for alias, target in _pointed(connection, lock=True).items() if target == version]
        if held:
            raise VersionError(f"{version} is the {held[0]}", remedy="only versions without an alias go")
        connection.execute(update(versions).where(versions.c.id == version).values(removed=now))


def _known(connection: Connection, version: str, *, served: bool = True) -> Row[Any]:
    row = connection.execute(select(versions).where(versions.c.id == version)).one_or_none()
    if row is None:
        raise VersionError(f"no version {version}", remedy="`sleepy versions` lists them")
    if served and row.removed is not None:
        raise VersionError(
            f"the files of version {version} were collected on {row.removed:%Y-%m-%d}",
            remedy="choose another: `sleepy versions` lists them",
        )
    return row


def _pointed(connection: Connection, *, lock: bool = False) -> dict[Alias, str | None]:
    query = select(aliases).order_by(aliases.c.name)
    if lock:  # PostgreSQL's writers do not queue by themselves
        query = query.with_for_update()
    return {Alias(row.name): row.version_id for row in connection.execute(query)}


def _move(
    connection: Connection,
    before: Mapping[Alias, str | None],
    alias: Alias,
    target: str | None,
    reason: str,
    now: datetime,
) -> None:
    if alias in before and before[alias] == target:
        return
    connection.execute(
        upsert(connection, aliases)
        .values(name=alias.value, version_id=target)
        .on_conflict_do_update(index_elements=[aliases.c.name], set_={"version_id": target})
    )
    connection.execute(
        insert(alias_moves).values(moved=now, alias=alias.value, from_id=before.get(alias), to_id=target, reason=reason)
    )


def _version(row: Row[Any]) -> Version:
    return Version(
        row.id,
        row.parent_id,
        row.night_id,
        row.created,
        row.path,
        tuple(sorted(row.files.items())),
        row.note,
        row.removed,
    )
