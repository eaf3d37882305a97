"""Exam results: what champion and challenger did on the same sealed tasks, run by run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select

from sleepy.memory.episodic import patterns as pattern_counts
from sleepy.memory.episodic import tasks as task_rows
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.engine import upsert
from sleepy.memory.episodic.tables import exam_results, patterns, tasks
from sleepy.memory.episodic.tasks import Task


class Who(StrEnum):
    BASELINE = "baseline"  # the champion as it is served
    CHALLENGER = "challenger"  # what was trained tonight, as it would be


@dataclass(frozen=True, slots=True)
class Result:
    """One task answered once by one side; `run` counts from 1; `route` None is the base model."""

    task: Task
    signature: str
    who: Who
    run: int
    route: str | None
    passed: bool
    outcome: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A result as it is read back: the task by its digest and name."""

    digest: str
    name: str
    signature: str
    who: Who
    run: int
    route: str | None
    passed: bool
    outcome: str


def record(db: Database, night: int, results: Iterable[Result], *, now: datetime) -> None:
    """Commits the results as one; the same task, side and run again takes the newer result."""
    with db.writing() as connection:
        for item in sorted(results, key=lambda item: item.task.digest):
            values = {
                "pattern_id": pattern_counts.identify(connection, item.signature, now),
                "route": item.route,
                "passed": item.passed,
                "outcome": item.outcome,
            }
            connection.execute(
                upsert(connection, exam_results)
                .values(
                    night_id=night,
                    task_id=task_rows.keep(connection, item.task, now),
                    who=item.who.value,
                    run=item.run,
                    **values,
                )
                .on_conflict_do_update(index_elements=list(exam_results.primary_key), set_=values)
            )


def read(db: Database, night: int) -> list[Mark]:
    """The night's results, by task, side and run."""
    query = (
        select(
            tasks.c.digest,
            tasks.c.name,
            patterns.c.signature,
            exam_results.c.who,
            exam_results.c.run,
            exam_results.c.route,
            exam_results.c.passed,
            exam_results.c.outcome,
        )
        .join(tasks, tasks.c.id == exam_results.c.task_id)
        .join(patterns, patterns.c.id == exam_results.c.pattern_id)
        .where(exam_results.c.night_id == night)
        .order_by(tasks.c.name, tasks.c.digest, exam_results.c.who, exam_results.c.run)
    )
    with db.reading() as connection:
        return [
            Mark(digest, name, signature, Who(who), run, route, passed, outcome)
            for digest, name, signature, who, run, route, passed, outcome in connection.execute(query)
        ]
