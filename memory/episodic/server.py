"""What a server says of itself and of a database on it."""

from __future__ import annotations

import time
from dataclasses import dataclass

from sqlalchemy import text

from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.tables import metadata

_TIMES = 5  # questions of which the fastest tells the latency
_MAY = text("SELECT has_table_privilege(:table, 'SELECT') AND has_table_privilege(:table, 'INSERT')"
            " AND has_table_privilege(:table, 'UPDATE') AND has_table_privilege(:table, 'DELETE')")  # fmt: skip


@dataclass(frozen=True, slots=True)
class DatabaseServer:
    """A server: its version, the seconds of a question to it, the database's bytes, tables that may not be changed."""

    version: str
    seconds: float
    size: int
    denied: tuple[str, ...]


def look(db: Database) -> DatabaseServer:
    """The server of an open database."""
    with db.reading() as connection:
        version = str(connection.execute(text("SHOW server_version")).scalar_one()).split()[0]
        denied = [name for name in sorted(metadata.tables) if not connection.execute(_MAY, {"table": name}).scalar()]
        times = []
        for _ in range(_TIMES):
            began = time.perf_counter()
            connection.execute(text("SELECT 1")).scalar_one()
            times.append(time.perf_counter() - began)
    return DatabaseServer(version, min(times), size(db), tuple(denied))


def size(db: Database) -> int:
    """The bytes that the database takes on the server."""
    with db.reading() as connection:
        return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())
