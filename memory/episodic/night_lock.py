"""The lock of the nights of a server's database: one night at a time, whichever home sleeps it.

One for all dates, since two nights would promote over each other. It belongs to a connection of its own, so the server
releases it when the process that holds it dies. A home's own SQLite file needs none: the home's lock is enough.
"""

from __future__ import annotations

import os
import platform
import threading
from contextlib import ExitStack

from sqlalchemy import Connection, exc, text

from sleepy.memory.episodic.database import Database

_LOCK = {"ours": 71_653, "nights": 1}  # two numbers nobody else is likely to take (migrations have another)
_TRY = text("SELECT pg_try_advisory_lock(:ours, :nights)")
_UNLOCK = text("SELECT pg_advisory_unlock(:ours, :nights)")
_NAME = text("SELECT set_config('application_name', :name, false)")
_HOLDER = text(
    "SELECT coalesce(application_name, '') FROM pg_locks LEFT JOIN pg_stat_activity USING (pid)"
    " WHERE locktype = 'advisory' AND granted AND objsubid = 2 AND classid = :ours AND objid = :nights"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


class NightLock:
    """The lock, not held until `hold` says so; `release` gives it back. Threads may share it.

    `what` says for what it is held; others see it with host and process.
    """

    def __init__(self, db: Database, what: str = "a night") -> None:
        self._db, self._name = db, named(what, platform.node(), os.getpid())
        self._one = threading.RLock()
        self._connection: Connection | None = None
        self._closing = ExitStack()

    def hold(self) -> bool:
        """Whether it is ours: still, or again after a server that was lost had released it.

        `DatabaseAway` where the server is; who is patient waits for it.
        """
        with self._one:
            if self._connection is not None and self._answers(self._connection):
                return True
            self._drop()
            with ExitStack() as stack:
                connection = stack.enter_context(self._db.connected(isolation_level="AUTOCOMMIT"))
                connection.execute(_NAME, {"name": self._name})
                if not connection.execute(_TRY, _LOCK).scalar_one():
                    connection.invalidate()  # with its name
                    return False
                self._connection, self._closing = connection, stack.pop_all()
            return True

    def release(self) -> None:
        """Gives it back, if it is ours."""
        with self._one:
            if self._connection is not None and self._answers(self._connection):
                self._connection.execute(_UNLOCK, _LOCK)
            self._drop()

    def _answers(self, connection: Connection) -> bool:
        try:
            connection.execute(text("SELECT 1"))
        except exc.DBAPIError:
            return False
        return True

    def _drop(self) -> None:
        """Closes its connection for good: given back to the pool, it might go on holding the lock."""
        if self._connection is not None:
            self._connection.invalidate()
        self._connection = None
        self._closing.close()


def named(what: str, host: str, pid: int) -> str:
    """How a holder is called; the server keeps 63 bytes."""
    return f"{host[:24]} (process {pid}): {what}"


def holder(db: Database) -> str | None:
    """The name of who holds it; empty where the server does not tell us another user's, None where nobody does."""
    with db.reading() as connection:
        return connection.execute(_HOLDER, _LOCK).scalar()
