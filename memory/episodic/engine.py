"""Engines: how SQLite and PostgreSQL are connected to, and what they spell differently."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import cast
from urllib.parse import quote

from sqlalchemy import Connection, Engine, Table, create_engine, event, exc
from sqlalchemy.dialects import sqlite as sqlite_dialect
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import QueuePool

from sleepy.memory.episodic.errors import ASIDE, PERMISSIONS, DatabaseError, DatabaseMissing

_CONNECT = 10  # seconds at most until a server that does not answer counts as unreachable
_CALLS: dict[str, str | int] = {  # a server whose machine vanished is noticed within a minute, not after two hours
    "fallback_application_name": "sleepy", "keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}  # fmt: skip


def parse(where: str) -> URL:
    """The URL; `DatabaseError` if it is none, or if its password holds an @ that stands for itself."""
    if where.split("?")[0].count("@") > 1:  # the host would begin in the password, and be shown
        raise DatabaseError(
            f"{where.split('://')[0]}://...: more than one @ in the URL", remedy="write an @ in the password as %40"
        )
    try:
        return make_url(where)
    except (exc.ArgumentError, ValueError) as error:
        raise DatabaseError(
            f"{where.split('://')[0]}://...: not a database URL", remedy="a path or a postgresql:// URL"
        ) from error


def sqlite(path: Path, read_only: bool, wait: float) -> Engine:
    """An engine on a file, which SQLite alone ever opens: closing it here would drop SQLite's locks."""
    try:
        present = path.exists()
        if path.is_dir():
            raise DatabaseError(f"{path}: a folder, not a database", remedy="name a file")
        if not present and read_only:
            raise DatabaseMissing(f"{path}: no database yet", remedy="`sleepy day` makes it")
        if not present:
            path.parent.mkdir(parents=True, exist_ok=True)
        elif path.stat().st_size == 0 and _size(_log(path)) > 0:  # SQLite would throw its log away
            raise DatabaseError(f"{path}: empty, but its log {_log(path).name} is not", remedy=ASIDE)
    except OSError as error:
        raise DatabaseError(f"{path}: {error.strerror}", remedy=PERMISSIONS) from error

    connect = _reader(path, wait) if read_only else _opener(path, "mode=rwc", wait)
    engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _(connection: sqlite3.Connection, _record: object) -> None:
        for setting in ("foreign_keys=ON", "synchronous=FULL", "secure_delete=ON"):
            connection.execute(f"PRAGMA {setting}")

    @event.listens_for(engine, "begin")
    def _(connection: Connection) -> None:  # the write lock at once: a later one could not be waited for
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def _opener(path: Path, mode: str, wait: float) -> Callable[[], sqlite3.Connection]:
    def connect() -> sqlite3.Connection:
        return sqlite3.connect(
            f"file:{quote(str(path))}?{mode}",
            uri=True,
            timeout=wait,
            isolation_level=None,  # transactions are begun above, not guessed by the driver
            check_same_thread=False,
        )

    return connect


def _reader(path: Path, wait: float) -> Callable[[], sqlite3.Connection]:
    """Reads beside a writer; in a folder nobody can write to, reads the file as it lies."""
    live, still = _opener(path, "mode=ro", wait), _opener(path, "mode=ro&immutable=1", wait)

    def connect() -> sqlite3.Connection:
        connection = live()
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.OperationalError:
            connection.close()
            if _log(path).exists():
                raise
            return still()
        return connection

    return connect


def postgresql(url: URL, shown: str, read_only: bool, wait: float) -> Engine:
    """An engine on a server's database; `shown` is the URL without its password."""
    if url.get_backend_name() != "postgresql":
        raise DatabaseError(
            f"{shown}: {url.get_backend_name()} is not supported",
            remedy="a file's path (SQLite) or a postgresql:// URL",
        )
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    options = f"-c lock_timeout={int(wait * 1000)}"
    if read_only:
        options += " -c default_transaction_read_only=on"
    calls = {"connect_timeout": max(2, min(_CONNECT, int(wait))), **_CALLS}
    given = {name: value for name, value in calls.items() if name not in url.query}
    try:
        return create_engine(
            url,
            connect_args={**given, "options": options},
            hide_parameters=True,
            pool_pre_ping=True,
        )
    except ModuleNotFoundError as error:
        raise DatabaseError(
            f"{shown}: PostgreSQL needs the package {error.name}", remedy="pip install 'sleepy[postgresql]'"
        ) from error


def pragma(connection: Connection, setting: str) -> None:
    """Outside a transaction, where these settings take effect."""
    raw = connection.connection.dbapi_connection
    assert isinstance(raw, sqlite3.Connection)
    raw.execute(f"PRAGMA {setting}").fetchall()


def upsert(connection: Connection, table: Table) -> sqlite_dialect.Insert:
    """An insert with `on_conflict_do_update` and `on_conflict_do_nothing` for the connection's dialect."""
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql as postgresql_dialect  # a tenth of what `sleepy status` takes

        return cast(sqlite_dialect.Insert, postgresql_dialect.insert(table))  # the methods used are the same
    return sqlite_dialect.insert(table)


def _log(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
