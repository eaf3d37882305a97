"""Retention: what of old nights is let go. Their decisions, lessons and counts stay."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, func, select, update

from sleepy.memory.episodic import stages as stage_rows
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.tables import exam_results, stages, verdicts

_SHOWN = "changed"  # answers by task that a report shows


def verdicts_before(db: Database, before: datetime) -> int:
    """How many remembered verdicts `verdict_cache.prune` would drop."""
    with db.reading() as connection:
        found = connection.execute(select(func.count()).select_from(verdicts).where(verdicts.c.created < before))
        return int(found.scalar_one())


def answers(db: Database, nights: Collection[int]) -> int:
    """How many exam answers of these nights are kept: results, and texts that their reports showed."""
    total = 0
    with db.reading() as connection:
        for night in nights:
            results = select(func.count()).select_from(exam_results).where(exam_results.c.night_id == night)
            total += int(connection.execute(results).scalar_one())
            rows = connection.execute(select(stages.c.artefact).where(stages.c.night_id == night)).scalars()
            total += sum(len(_shown(text)) for text in rows)
    return total


def drop_answers(db: Database, nights: Collection[int]) -> None:
    """Drops them, in one transaction."""
    with db.writing() as connection:
        for night in nights:
            connection.execute(delete(exam_results).where(exam_results.c.night_id == night))
            for row in connection.execute(select(stages).where(stages.c.night_id == night)).all():
                if _shown(row.artefact):
                    artefact = {**json.loads(row.artefact), _SHOWN: {}}
                    connection.execute(
                        update(stages)
                        .where(stages.c.night_id == night, stages.c.name == row.name)
                        .values(artefact=stage_rows.canonical(artefact), artefact_hash=stage_rows.hashed(artefact))
                    )


def _shown(artefact: str | None) -> Collection[str]:
    found = json.loads(artefact) if artefact else None
    shown = found.get(_SHOWN) if isinstance(found, dict) else None
    return shown if isinstance(shown, dict) else ()
