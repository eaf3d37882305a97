"""Lessons: the verified (prompt, answer) pairs a night trained on, and where each came from."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, func, insert, select

from sleepy.memory.episodic import patterns as pattern_counts
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.tables import attempts, lessons, patterns


class Provenance(StrEnum):
    OWN = "own"  # the model's own verified answer
    DEVELOPER = "developer"  # the user's own repair
    COMPILER = "compiler"  # rustc's suggestion, applied
    REFERENCE = "reference"  # the koan's fix
    FORGED = "forged"  # a compiler-verified variant
    REPLAY = "replay"  # an own answer on a mastered pattern


@dataclass(frozen=True, slots=True)
class Lesson:
    """`task_digest` and `episode` say what it was drawn from, where there is such a thing.

    `signature` is the scope of the course that it belongs to: a signature, a code or `all`. `program` is the base of the
    program that it is from (a user's file: the digest of its task); empty in lessons of earlier versions.
    """

    prompt: str
    answer: str
    signature: str
    provenance: Provenance
    task_digest: str | None = None
    episode: int | None = None
    program: str = ""

    @property
    def content_hash(self) -> str:
        """sha256 of prompt and answer: what makes two lessons of a course the same one."""
        return hashlib.sha256(f"{self.prompt}\x1e{self.answer}".encode("utf-8", "replace")).hexdigest()


def write(db: Database, night: int, chosen: Sequence[Lesson], *, now: datetime) -> int:
    """The night's lessons, in place of any it had: a curation run again leaves what it chose last.

    The same content twice in a course is kept once, the first; returns how many were kept.
    """
    unique = {(item.signature, item.content_hash): item for item in reversed(chosen)}
    kept = [item for item in chosen if unique[item.signature, item.content_hash] is item]
    with db.writing() as connection:
        connection.execute(delete(lessons).where(lessons.c.night_id == night))
        ids = {
            name: pattern_counts.identify(connection, name, now) for name in sorted({item.signature for item in kept})
        }
        rows = [
            {
                "night_id": night,
                "pattern_id": ids[item.signature],
                "prompt": item.prompt,
                "answer": item.answer,
                "provenance": item.provenance.value,
                "task_digest": item.task_digest,
                "episode_id": item.episode,
                "content_hash": item.content_hash,
                "program": item.program,
            }
            for item in kept
        ]
        if rows:
            connection.execute(insert(lessons), rows)
    return len(rows)


def read(db: Database, night: int, *, signature: str | None = None) -> list[Lesson]:
    """The night's lessons in the order they were written, of one pattern or of all."""
    query = (
        select(lessons, patterns.c.signature)
        .join(patterns, patterns.c.id == lessons.c.pattern_id)
        .where(lessons.c.night_id == night)
        .order_by(lessons.c.id)
    )
    if signature is not None:
        query = query.where(patterns.c.signature == signature)
    with db.reading() as connection:
        return [
            Lesson(
                row.prompt,
                row.answer,
                row.signature,
                Provenance(row.provenance),
                row.task_digest,
                row.episode_id,
                row.program,
            )
            for row in connection.execute(query)
        ]


def own_rungs(db: Database, night: int) -> dict[str, int]:
    """Rung -> how many of the night's lessons are the model's own answers by it, the most first.

    A koan is solved by one rung and asked no further, so an episode's successes are all of the same one.
    """
    of = (
        select(attempts.c.episode_id, func.min(attempts.c.rung).label("rung"))
        .where(attempts.c.passed.is_(True))
        .group_by(attempts.c.episode_id)
        .subquery()
    )
    own = [Provenance.OWN.value, Provenance.REPLAY.value]
    query = (
        select(of.c.rung, func.count())
        .join(lessons, lessons.c.episode_id == of.c.episode_id)
        .where(lessons.c.night_id == night, lessons.c.provenance.in_(own))
        .group_by(of.c.rung)
        .order_by(func.count().desc(), of.c.rung)
    )
    with db.reading() as connection:
        return {row[0]: int(row[1]) for row in connection.execute(query)}
