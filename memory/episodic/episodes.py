"""Episodes: all attempts at one task on one occasion, committed as they happen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, insert, or_, select, update

from sleepy.memory.episodic import patterns as pattern_counts
from sleepy.memory.episodic import tasks as task_rows
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.patterns import DAY, Key, Tally
from sleepy.memory.episodic.tables import attempts, episodes, patterns, tasks
from sleepy.memory.episodic.tasks import Task, TaskKind


@dataclass(frozen=True, slots=True)
class LoggedAttempt:
    """One answer and its verdict.

    `rung` is the ladder's; `route` None is the base model; `source` is the repaired program, empty
    when the answer could not be applied. `is_label` is false when our own machinery failed: such an
    attempt is kept, but never counted as the model's.
    """

    outcome: str
    passed: bool
    prompt: str = ""
    answer: str = ""
    source: str = ""
    rung: str = "model"
    route: str | None = None
    detail: str = ""
    seconds: float = 0.0
    tokens: int = 0
    is_label: bool = True


@dataclass(frozen=True, slots=True)
class Episode:
    """All attempts at one task on one occasion, as recorded. `version` None is the base model alone."""

    task: Task
    signature: str
    attempts: tuple[LoggedAttempt, ...]
    model: str
    version: str | None = None

    @property
    def passed(self) -> bool:
        return any(item.passed for item in self.attempts)

    @property
    def is_label(self) -> bool:
        return any(item.is_label for item in self.attempts)


@dataclass(frozen=True, slots=True)
class Recorded:
    """An episode as it was recorded: its number and when (UTC)."""

    id: int
    started: datetime
    episode: Episode


def record(db: Database, episode: Episode, *, now: datetime) -> int:
    """Commits the episode, its attempts and the counts as one, and returns its number.

    `ValueError` without attempts; an unknown version is an `IntegrityError`. Nothing is kept then. Who is patient
    (`Database.patient`) waits for a server that is away, and the episode is written once.
    """
    if not episode.attempts:
        raise ValueError(f"an episode of {episode.task.name} without an attempt")
    return db.again(lambda: _record(db, episode, now))


def _record(db: Database, episode: Episode, now: datetime) -> int:
    counts = episode.is_label
    with db.writing() as connection:
        task_id = task_rows.keep(connection, episode.task, now)
        pattern_id = pattern_counts.practise(
            connection,
            episode.signature,
            now,
            episodes=int(counts),
            passes=int(counts and episode.passed),
        )
        made = connection.execute(
            insert(episodes)
            .values(
                task_id=task_id,
                pattern_id=pattern_id,
                version_id=episode.version,
                phase=DAY,
                model=episode.model,
                started=now,
                passed=episode.passed,
                is_label=episode.is_label,
            )
            .returning(episodes.c.id)
        ).scalar_one()
        connection.execute(
            insert(attempts),
            [{"episode_id": made, "ordinal": i, **_values(item)} for i, item in enumerate(episode.attempts)],
        )
        pattern_counts.count(connection, tally(episode, pattern_id, now).items())
    return int(made)


def further(db: Database, number: int, tried: LoggedAttempt) -> None:
    """Adds an attempt to a recorded episode, with the counts, as one commit. `KeyError` if it is not there."""
    db.again(lambda: _further(db, number, tried))


def _further(db: Database, number: int, tried: LoggedAttempt) -> None:
    with db.writing() as connection:
        found = next(iter(collect(connection, whole().where(episodes.c.id == number))), None)
        if found is None:
            raise KeyError(number)
        before = found.episode
        values = {"episode_id": number, "ordinal": len(before.attempts), **_values(tried)}
        connection.execute(insert(attempts), [values])
        after = replace(before, attempts=(*before.attempts, tried))
        pattern_id = pattern_counts.practise(
            connection,
            before.signature,
            found.started,
            episodes=int(after.is_label) - int(before.is_label),
            passes=int(after.is_label and after.passed) - int(before.is_label and before.passed),
        )
        connection.execute(
            update(episodes).where(episodes.c.id == number).values(passed=after.passed, is_label=after.is_label)
        )
        pattern_counts.count(connection, tally(replace(before, attempts=(tried,)), pattern_id, found.started).items())


def tally(episode: Episode, pattern_id: int, started: datetime, *, sign: int = 1) -> dict[Key, Tally]:
    """What the episode adds to the tallies; with `sign` -1 what forgetting it takes away."""
    day = started.astimezone(UTC).date()
    sums: dict[Key, Tally] = defaultdict(lambda: Tally(0, 0, 0.0, 0))
    for item in episode.attempts:
        if item.is_label:
            key = Key(DAY, episode.version or "", item.rung, pattern_id, day)
            so_far = sums[key]
            sums[key] = Tally(
                so_far.attempts + sign,
                so_far.passes + sign * item.passed,
                so_far.seconds + sign * item.seconds,
                so_far.tokens + sign * item.tokens,
            )
    return dict(sums)


def read(db: Database, number: int) -> Recorded | None:
    """The episode with this number, whole; None if there is none (any more)."""
    with db.reading() as connection:
        return next(iter(collect(connection, whole().where(episodes.c.id == number))), None)


def latest(db: Database, *, limit: int = 20) -> list[Recorded]:
    """The newest episodes, the newest first."""
    query = whole().order_by(episodes.c.started.desc(), episodes.c.id.desc()).limit(limit)
    with db.reading() as connection:
        return collect(connection, query)


def of_pattern(db: Database, signature: str, *, passed: bool, limit: int = 100) -> list[Recorded]:
    """A pattern's newest episodes that passed, or that the model failed; the newest first."""
    query = (
        whole()
        .where(
            episodes.c.pattern_id == select(patterns.c.id).where(patterns.c.signature == signature).scalar_subquery(),
            episodes.c.phase == DAY,
            episodes.c.passed == passed,
            episodes.c.is_label.is_(True),
        )
        .order_by(episodes.c.id.desc())
        .limit(limit)
    )
    with db.reading() as connection:
        return collect(connection, query)


def failed_alone(db: Database, signature: str, *, limit: int = 100) -> list[Recorded]:
    """A pattern's newest episodes that failed, and those of koans that the model solved only with help."""
    first = (
        select(attempts.c.id)
        .where(attempts.c.episode_id == episodes.c.id, attempts.c.ordinal == 0, attempts.c.passed.is_(False))
        .exists()
    )
    query = (
        whole()
        .where(
            episodes.c.pattern_id == select(patterns.c.id).where(patterns.c.signature == signature).scalar_subquery(),
            episodes.c.phase == DAY,
            or_(episodes.c.passed.is_(False), and_(tasks.c.kind == TaskKind.KOAN.value, first)),
            episodes.c.is_label.is_(True),
        )
        .order_by(episodes.c.id.desc())
        .limit(limit)
    )
    with db.reading() as connection:
        return collect(connection, query)


def of_task(db: Database, digest: str, *, limit: int = 100) -> list[Recorded]:
    """A task's newest episodes, the newest first."""
    query = whole().where(tasks.c.digest == digest).order_by(episodes.c.id.desc()).limit(limit)
    with db.reading() as connection:
        return collect(connection, query)


def whole() -> Select[Any]:
    """Episodes with their tasks and signatures, for `collect`."""
    return (
        select(
            episodes.c.id.label("number"),
            episodes.c.started,
            episodes.c.model,
            episodes.c.version_id,
            patterns.c.signature,
            *(column for column in tasks.c if column.name not in ("id", "created")),
        )
        .join(tasks, tasks.c.id == episodes.c.task_id)
        .join(patterns, patterns.c.id == episodes.c.pattern_id)
    )


def collect(connection: Connection, query: Select[Any]) -> list[Recorded]:
    """The episodes of a `whole` query, in its order, each with its attempts."""
    rows = connection.execute(query).all()
    tried = _attempts(connection, [row.number for row in rows])
    return [
        Recorded(
            row.number,
            row.started,
            Episode(
                task_rows.of_row(row),
                row.signature,
                tuple(tried[row.number]),
                row.model,
                row.version_id,
            ),
        )
        for row in rows
    ]


def _attempts(connection: Connection, numbers: Sequence[int]) -> dict[int, list[LoggedAttempt]]:
    tried: dict[int, list[LoggedAttempt]] = defaultdict(list)
    columns = [attempts.c[name] for name in LoggedAttempt.__slots__]
    for chunk in _chunks(numbers, 500):  # SQLite's older limit is 999 parameters
        query = (
            select(attempts.c.episode_id, *columns)
            .where(attempts.c.episode_id.in_(chunk))
            .order_by(attempts.c.episode_id, attempts.c.ordinal)
        )
        for row in connection.execute(query):
            tried[row[0]].append(LoggedAttempt(*row[1:]))
    return tried


def _chunks(numbers: Sequence[int], size: int) -> Iterable[Sequence[int]]:
    return (numbers[start : start + size] for start in range(0, len(numbers), size))


def _values(item: LoggedAttempt) -> dict[str, Any]:
    return {name: getattr(item, name) for name in LoggedAttempt.__slots__}
