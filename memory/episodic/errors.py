"""Why a database cannot be used, and what would help."""

from __future__ import annotations

import sqlite3

PERMISSIONS = "make the file and its folder readable and writable for this user"
_AWAY = frozenset(["57P01", "57P02", "57P03", "53300"])  # it stops, crashed, starts, or has too many connections
ASIDE = "restore a copy of it, or move it aside and a fresh one is made"


class DatabaseError(Exception):
    """A database that cannot be used; names it and what would help."""

    exit_code = 2

    def __init__(self, message: str, *, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


class DatabaseMissing(DatabaseError):
    """There is no database yet, and it was to be read only."""


class DatabaseAway(DatabaseError):
    """The server cannot be reached, or was lost in the middle of a transaction, of which nothing was kept."""

    exit_code = 75  # EX_TEMPFAIL: systemd tries again, as it does not after a mistake of the user's


def is_away(error: BaseException) -> bool:
    """Whether an error of SQLAlchemy says that a server cannot be reached, or no more."""
    from sqlalchemy import exc

    if not isinstance(error, exc.OperationalError | exc.InterfaceError):
        return False
    state = getattr(error.orig, "sqlstate", None)
    return error.connection_invalidated or state is None or state[:2] == "08" or state in _AWAY


def remedy(error: BaseException | None, where: str) -> str:
    """What to do about a database's error; `where` is its path or URL."""
    if "://" in where:
        return "see that the server runs, and that the URL's user may use this database; `sleepy doctor` tries it"
    code = _code(error)
    if is_busy(error):
        return "another process is writing: wait for it, or stop it"
    if code == sqlite3.SQLITE_FULL:
        return "free disk space and run the command again; what was committed is safe"
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN):
        return PERMISSIONS
    return ASIDE


def is_busy(error: BaseException | None) -> bool:
    """Whether SQLite says that somebody else is at the file."""
    return _code(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def _code(error: BaseException | None) -> int:
    """SQLite's primary code of an error; 0 for any other."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF
