"""The database of what happened: opened, brought up to date, read and written.

SQLite is the default, PostgreSQL works by URL. A write is one transaction that takes its place in
the queue when it begins, so writers wait for each other instead of failing half-way. SQLite runs in
WAL mode (readers and the writer do not block each other) with synchronous=FULL: WAL alone keeps a
committed episode through kill -9, FULL also through a power cut. That is one fsync per
commit, a few milliseconds beside the seconds an attempt takes.

Opening reads the schema, not the data: damage elsewhere surfaces as `DatabaseError` when it is read,
or in `Database.check`. A file that is not ours is never written to. A `Database` is shared by
threads but not by processes: a child opens its own.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, Engine, exc, inspect, text

from sleepy.memory.episodic import engine as engines
from sleepy.memory.episodic.errors import DatabaseError, DatabaseMissing, is_busy, remedy
from sleepy.memory.episodic.tables import REVISION, REVISION_TABLE

WAIT = 30.0  # seconds to wait for another process's write

__all__ = ["Database", "DatabaseError", "DatabaseMissing"]


class Database:
    """An open database. `where` is its path, or its URL without the password; `engine` is SQLAlchemy's."""

    def __init__(self, engine: Engine, where: str, *, read_only: bool) -> None:
        self.where = where
        self.read_only = read_only
        self.engine = engine
        self._here = threading.local()

    @classmethod
    def open(cls, where: str | Path, *, read_only: bool = False, wait: float = WAIT) -> Self:
        """The database at a path (SQLite, made if missing) or URL, at the newest revision.

        `read_only` neither makes nor writes anything; one of an earlier revision is brought up to date first.
        `wait` is how many seconds another process's write is waited for. `DatabaseError` if it is damaged,
        foreign, newer than this program or out of reach; `DatabaseMissing` if there is none to read.
        """
        url = engines.parse(where) if isinstance(where, str) and "://" in where else None
        if url is None or url.get_backend_name() == "sqlite":
            path = Path(where if url is None else url.database or "").absolute()
            database = cls(engines.sqlite(path, read_only, wait), str(path), read_only=read_only)
        else:
            shown = url.render_as_string(hide_password=True)
            database = cls(engines.postgresql(url, shown, read_only, wait), shown, read_only=read_only)
        try:
            with database._explained(opening=True):
                earlier = database._settle(wait)
        except BaseException:
            database.close()
            raise
        if earlier:
            database.close()
            cls.open(where, wait=wait).close()
            return cls.open(where, read_only=True, wait=wait)
        return database

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A snapshot: all reads inside see one moment. Inside `writing` it sees what that wrote."""
        outer = self._writing_here()
        if outer is not None:
            yield outer
            return
        options: dict[str, Any] = {}
        if self.engine.dialect.name == "postgresql":
            options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with (
            self._explained(),
            self.engine.connect().execution_options(**options) as connection,
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction, committed on leaving. Nested in this thread it joins the outer one."""
        outer = self._writing_here()
        if outer is not None:
            with outer.begin_nested():
                yield outer
            return
        if self.read_only:
            raise DatabaseError(f"{self.where}: opened read-only", remedy="open it for writing")
        with (
            self._explained(),
            self.engine.connect().execution_options(writing=True) as connection,
            connection.begin(),
        ):
            self._here.connection = connection
            try:
                yield connection
            finally:
                self._here.connection = None

    def check(self) -> list[str]:
        """What a full scan of SQLite's file finds wrong, line by line; empty when it is sound."""
        if self.engine.dialect.name != "sqlite":
            return []
        found: list[str] = []
        try:
            with self.reading() as connection:
                for (line,) in connection.exec_driver_sql("PRAGMA integrity_check(100)"):
                    found += [line] if line != "ok" else []
                for row in connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(100):
                    found.append(f"{row[0]} row {row[1]} refers to a row of {row[2]} that is not there")
        except DatabaseError as error:  # damaged so that the scan itself breaks off
            found.append(str(error))
        return found

    def close(self) -> None:
        """Closes every connection; the object is of no use afterwards."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _writing_here(self) -> Connection | None:
        found: Connection | None = getattr(self._here, "connection", None)
        return found

    def _settle(self, wait: float) -> bool:
        """Looks before it touches anything: only a database of ours, not newer than us, is changed.

        Whether it is left at an earlier revision, since this is read-only.
        """
        with self.reading() as connection:
            found = self._revision(connection)
        if found != REVISION:
            self._refuse_newer(found)
            if self.read_only and found is None:
                raise DatabaseError(
                    f"{self.where}: at revision none, this sleepy reads {REVISION}",
                    remedy="any command that writes, such as `sleepy day`, brings it up to date",
                )
            if self.read_only:
                return True
        if self.engine.dialect.name == "sqlite" and not self.read_only:
            self._use_wal(wait)
        if found != REVISION:
            from sleepy.memory.episodic.migrate import migrate  # 0.1 s, and hardly ever needed

            migrate(self.engine)
        return False

    def _revision(self, connection: Connection) -> str | None:
        """The revision it is at, None when it is empty; `DatabaseError` when it is not ours."""
        names = inspect(connection).get_table_names()
        if not names:
            return None
        if REVISION_TABLE not in names:
            raise DatabaseError(
                f"{self.where}: another program's database (it has the table {names[0]!r})",
                remedy="name a database of sleepy's own",
            )
        return connection.execute(text(f"SELECT version_num FROM {REVISION_TABLE}")).scalar()

    def _refuse_newer(self, found: str | None) -> None:
        from sleepy.memory.episodic.migrate import revisions

        if found is not None and found not in revisions():
            raise DatabaseError(
                f"{self.where}: at revision {found}, newer than this sleepy's {REVISION}",
                remedy="install the sleepy that wrote it, or a newer one; nothing was changed",
            )

    def _use_wal(self, wait: float) -> None:
        """Sets WAL, a property of the file. Unlike a write, this pragma does not wait by itself."""
        from tenacity import Retrying, retry_if_exception, stop_after_delay, wait_fixed  # who only reads needs no 10 ms

        again = Retrying(
            retry=retry_if_exception(is_busy),
            stop=stop_after_delay(wait),
            wait=wait_fixed(0.02),
            reraise=True,
        )
        with self.engine.connect() as connection:
            again(engines.pragma, connection, "journal_mode=WAL")

    @contextmanager
    def _explained(self, *, opening: bool = False) -> Iterator[None]:
        """Failures of the database itself as `DatabaseError`; mistakes of ours travel as they are."""
        try:
            yield
        except (exc.DBAPIError, sqlite3.DatabaseError) as error:
            ours = isinstance(error, exc.IntegrityError | exc.ProgrammingError | exc.DataError)
            if ours and not opening:
                raise
            cause = error.orig if isinstance(error, exc.DBAPIError) else error
            said = str(cause).strip().splitlines()[0]
            raise DatabaseError(f"{self.where}: {said}", remedy=remedy(cause, self.where)) from error
