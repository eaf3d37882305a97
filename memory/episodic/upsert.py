"""INSERT ... ON CONFLICT, spelled alike by SQLite and PostgreSQL."""

from __future__ import annotations

from typing import cast

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert(connection: Connection, table: Table) -> sqlite.Insert:
    """An insert with `on_conflict_do_update` and `on_conflict_do_nothing` for the connection's dialect."""
    if connection.dialect.name == "postgresql":
        return cast(sqlite.Insert, postgresql.insert(table))  # the methods used are the same
    return sqlite.insert(table)
