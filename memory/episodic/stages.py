"""Stages: the steps of a night, each with what went in and what came out.

A stage is skipped on resuming when it is done and its inputs are the same; inputs' hashes that
include the artefact hash of the stage before make a change travel down the night by itself.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, delete, select, update

from sleepy.memory.episodic.database import Database, DatabaseError
from sleepy.memory.episodic.engine import upsert
from sleepy.memory.episodic.tables import stages


class StageState(StrEnum):
    RUNNING = "running"  # begun; after a kill it is run again
    DONE = "done"  # its artefact stands
    FAILED = "failed"  # `detail` says why


@dataclass(frozen=True, slots=True)
class Stage:
    """`artefact` is the JSON value the stage left, None until it is done; `artefact_hash` its sha256."""

    night: int
    name: str
    ordinal: int
    state: StageState
    started: datetime
    ended: datetime | None
    inputs_hash: str
    artefact: Any
    artefact_hash: str | None
    detail: str

    def answers(self, inputs_hash: str) -> bool:
        """Whether it need not be run again for these inputs."""
        return self.state is StageState.DONE and self.inputs_hash == inputs_hash


def canonical(value: Any) -> str:
    """The one JSON text of a value: sorted keys, no spaces. `ValueError` for NaN and infinities."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def hashed(value: Any) -> str:
    """sha256 of a value's canonical JSON: for inputs as for artefacts."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def start(db: Database, night: int, name: str, *, ordinal: int, inputs_hash: str, now: datetime) -> None:
    """Begins the stage, or begins it again: what an earlier run left is dropped."""
    fresh = {
        "ordinal": ordinal,
        "state": StageState.RUNNING.value,
        "started": now,
        "ended": None,
        "inputs_hash": inputs_hash,
        "artefact": None,
        "artefact_hash": None,
        "detail": "",
    }
    with db.writing() as connection:
        connection.execute(
            upsert(connection, stages)
            .values(night_id=night, name=name, **fresh)
            .on_conflict_do_update(index_elements=[stages.c.night_id, stages.c.name], set_=fresh)
        )


def finish(db: Database, night: int, name: str, artefact: Any, *, detail: str = "", now: datetime) -> str:
    """Ends the stage with its artefact (a JSON value) and returns the artefact's hash."""
    whole, name_of_it = canonical(artefact), hashed(artefact)
    _end(db, night, name, StageState.DONE, now, detail, artefact=whole, artefact_hash=name_of_it)
    return name_of_it


def fail(db: Database, night: int, name: str, detail: str, *, now: datetime) -> None:
    """Ends the stage as failed, with the reason."""
    _end(db, night, name, StageState.FAILED, now, detail)


def drop(db: Database, night: int) -> None:
    """Takes back all of the night's stages."""
    with db.writing() as connection:
        connection.execute(delete(stages).where(stages.c.night_id == night))


def read(db: Database, night: int, name: str) -> Stage | None:
    """The stage, if it was ever begun; `DatabaseError` if its artefact is not what was written."""
    query = select(stages).where(stages.c.night_id == night, stages.c.name == name)
    with db.reading() as connection:
        row = connection.execute(query).one_or_none()
    return None if row is None else _stage(row, db.where)


def of_night(db: Database, night: int) -> list[Stage]:
    """The night's stages in order."""
    query = select(stages).where(stages.c.night_id == night).order_by(stages.c.ordinal)
    with db.reading() as connection:
        return [_stage(row, db.where) for row in connection.execute(query)]


def _end(db: Database, night: int, name: str, state: StageState, now: datetime, detail: str, **values: Any) -> None:
    change = (
        update(stages)
        .where(stages.c.night_id == night, stages.c.name == name)
        .values(state=state.value, ended=now, detail=detail, **values)
    )
    with db.writing() as connection:
        if connection.execute(change).rowcount == 0:
            raise KeyError(f"stage {name} of night {night} was never started")


def _stage(row: Row[Any], where: str) -> Stage:
    artefact = None
    if row.artefact is not None:
        if hashlib.sha256(row.artefact.encode()).hexdigest() != row.artefact_hash:
            raise DatabaseError(
                f"{where}: the artefact of stage {row.name} (night {row.night_id}) is not what was written",
                remedy="`sleepy doctor` checks the database; the night can be run again after that",
            )
        artefact = json.loads(row.artefact)
    return Stage(
        row.night_id,
        row.name,
        row.ordinal,
        StageState(row.state),
        row.started,
        row.ended,
        row.inputs_hash,
        artefact,
        row.artefact_hash,
        row.detail,
    )
