"""The database of what happened: opened, brought up to date, read and written.

SQLite is the default, PostgreSQL works by URL. A write is one transaction that takes its place in
the queue when it begins, so writers wait for each other instead of failing half-way. SQLite runs in
WAL mode (readers and the writer do not block each other) with synchronous=FULL: WAL alone keeps a
committed episode through kill -9, FULL also through a power cut. That is one fsync per
commit, a few milliseconds beside the seconds an attempt takes.

Opening reads the schema, not the data: damage elsewhere surfaces as `DatabaseError` when it is read,
or in `Database.check`. A file that is not ours is never written to. A `Database` is shared by
threads but not by processes: a child opens its own.

A server may go away and come back. `DatabaseAway` says that nothing of the transaction was kept: where the connection
broke during COMMIT, the server is asked what became of that transaction (`txid_status`). So whoever runs it again, as
`again` does, writes nothing twice.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from sqlalchemy import Connection, Engine, exc, inspect, text

from sleepy.memory.episodic import engine as engines
from sleepy.memory.episodic.errors import DatabaseAway, DatabaseError, DatabaseMissing, is_away, is_busy, remedy
from sleepy.memory.episodic.shared import Shared, masked
from sleepy.memory.episodic.tables import REVISION, REVISION_TABLE

WAIT = 30.0  # seconds to wait for another process's write
_END = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_xid::text = (:n % 4294967296)::text")
T = TypeVar("T")
Wait = Callable[[DatabaseAway], None]

__all__ = ["Database", "DatabaseAway", "DatabaseError", "DatabaseMissing"]


class Database:
    """An open database. `where` is its path, or its URL without the password; `engine` is SQLAlchemy's.

    `shared` says which of several homes opened it; None where it is one home's alone.
    """

    def __init__(self, engine: Engine, where: str, *, read_only: bool, shared: Shared | None = None) -> None:
        self.where = where
        self.read_only = read_only
        self.engine = engine
        self.shared = shared
        self._here = threading.local()

    @classmethod
    def open(cls, where: str | Path | Shared, *, read_only: bool = False, wait: float = WAIT) -> Self:
        """The database at a path (SQLite, made if missing) or URL, at the newest revision.

        `read_only` neither makes nor writes anything; one of an earlier revision is brought up to date first.
        `wait` is how many seconds another process's write is waited for. `DatabaseError` if it is damaged,
        foreign, newer than this program or out of reach; `DatabaseMissing` if there is none to read.
        """
        given, shared = (where.url, where) if isinstance(where, Shared) else (where, None)
        url = engines.parse(given) if isinstance(given, str) and "://" in given else None
        if url is None or url.get_backend_name() == "sqlite":
            path = Path(given if url is None else url.database or "").absolute()
            database = cls(engines.sqlite(path, read_only, wait), str(path), read_only=read_only)
        else:
            shown = masked(url.render_as_string(hide_password=True))
            database = cls(engines.postgresql(url, shown, read_only, wait), shown, read_only=read_only, shared=shared)
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
        with self._explained(), self._connected(**options) as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction, committed on leaving. Nested in this thread it joins the outer one.

        `DatabaseAway` where the server is lost: nothing was kept then.
        """
        outer = self._writing_here()
        if outer is not None:
            with outer.begin_nested():
                yield outer
            return
        if self.read_only:
            raise DatabaseError(f"{self.where}: opened read-only", remedy="open it for writing")
        with self._explained(), self._connected(writing=True) as connection, connection.begin() as transaction:
            self._here.connection = connection
            try:
                yield connection
            finally:
                self._here.connection = None
            number = self._number(connection)
            try:
                transaction.commit()
            except exc.DBAPIError as lost:
                if number is None or not is_away(lost) or not self._kept(number):
                    raise

    @contextmanager
    def patient(self, wait: Wait) -> Iterator[None]:
        """Within, this thread waits for a server that is away: `wait` is called after each failed try, and may raise."""
        before, self._here.wait = self._waits(), wait
        try:
            yield
        finally:
            self._here.wait = before

    def again(self, act: Callable[[], T]) -> T:
        """What `act` returns; where this thread is patient, one that the server was lost in is run again."""
        while True:
            try:
                return act()
            except DatabaseAway as away:
                wait = self._waits()
                if wait is None or self._writing_here() is not None:  # the outermost transaction is run again, whole
                    raise
                wait(away)

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

    def _waits(self) -> Wait | None:
        found: Wait | None = getattr(self._here, "wait", None)
        return found

    @contextmanager
    def connected(self, **options: Any) -> Iterator[Connection]:
        """A connection outside any transaction; who is patient waits until there is one. Its failures are explained."""
        with self._explained(), self._connected(**options) as connection:
            yield connection

    @contextmanager
    def _connected(self, **options: Any) -> Iterator[Connection]:
        """A connection that answers."""
        while True:
            try:
                connection = self.engine.connect()
                break
            except exc.DBAPIError as error:
                wait = self._waits()
                if wait is None or self.engine.dialect.name == "sqlite" or not is_away(error):
                    raise
                wait(DatabaseAway(self._said(error), remedy=remedy(error.orig, self.where)))
        with connection.execution_options(**options):
            yield connection

    def _number(self, connection: Connection) -> int | None:
        """The number by which PostgreSQL knows the transaction, once it writes."""
        if self.engine.dialect.name != "postgresql":
            return None
        return int(connection.execute(text("SELECT txid_current()")).scalar_one())

    def _kept(self, number: int) -> bool:
        """Whether the transaction, whose connection was lost during COMMIT, was kept."""
        last = time.monotonic() + WAIT
        try:
            while True:
                with self._connected(isolation_level="AUTOCOMMIT") as connection:
                    status = connection.execute(text("SELECT txid_status(:n)"), {"n": number}).scalar()
                    if status != "in progress":
                        return bool(status == "committed")
                    if time.monotonic() > last:
                        raise DatabaseError(
                            f"{self.where}: lost while it kept the last write; whether it did is not known",
                            remedy="look at its last rows before doing it again",
                        )
                    connection.execute(_END, {"n": number})  # the server does not know that its client is gone
                time.sleep(0.1)
        except exc.DBAPIError as error:
            raise DatabaseError(
                f"{self.where}: lost while it kept the last write; whether it did is not known: {self._said(error)}",
                remedy=remedy(error.orig, self.where),
            ) from error

    def _said(self, error: exc.DBAPIError | sqlite3.DatabaseError) -> str:
        cause = error.orig if isinstance(error, exc.DBAPIError) else error
        lines = str(cause).strip().splitlines() or [type(cause).__name__]
        return f"{self.where}: {lines[0]}"

    def _settle(self, wait: float) -> bool:
        """Looks before it touches anything: only a database of ours, not newer than us, is changed.

        Whether it is left at an earlier revision, since this is read-only.
        """
        with self.reading() as connection:
            found = self._revision(connection)
        if found != REVISION:
            self._refuse_newer(found)
            if self.read_only and found is None:
                kind = DatabaseMissing if self.shared is not None else DatabaseError  # somebody has to be the first
                raise kind(
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
            away = self.engine.dialect.name != "sqlite" and is_away(error)
            kind = DatabaseAway if away else DatabaseError
            raise kind(self._said(error), remedy=remedy(cause, self.where)) from error
