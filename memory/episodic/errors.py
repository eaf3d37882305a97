"""Why a database cannot be used, and what would help."""

from __future__ import annotations

ASIDE = "restore a copy of it, or move it aside and a fresh one is made"


class DatabaseError(Exception):
    """A database that cannot be used; names it and what would help."""

    exit_code = 2

    def __init__(self, message: str, *, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


class DatabaseMissing(DatabaseError):
    """There is no database yet, and it was to be read only."""


def remedy(said: str, where: str) -> str:
    """What to do about what the database said; `where` is its path or URL."""
    if "://" in where:
        return "see that the server runs, and that the URL's user may use this database"
    if "locked" in said or "busy" in said:
        return "another process is writing: wait for it, or stop it"
    if "full" in said:
        return "free disk space and run the command again; what was committed is safe"
    if "readonly" in said or "unable to open" in said:
        return "make the file and its folder readable and writable for this user"
    return ASIDE
