"""Whether a version's files are those that were promoted. Never loads torch."""

from __future__ import annotations

import hashlib

from sleepy.daemon.errors import UserError
from sleepy.daemon.home import Home
from sleepy.memory.episodic import versions
from sleepy.memory.episodic.database import Database


class Damaged(UserError):
    """A version's files are not those that were promoted."""


def check(db: Database, home: Home, version: str) -> None:
    """`Damaged` names the first file that is not there or is another."""
    known = versions.read(db, version)
    for name, expected in known.files:
        path = home.root / known.path / name
        try:
            found = hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError as error:
            raise damaged(version, f"{path}: {error.strerror or error}") from error
        if found != expected:
            raise damaged(version, f"{path} is not the file that was promoted")


def damaged(version: str, reason: str) -> Damaged:
    return Damaged(
        f"version {version} is damaged: {reason}",
        remedy="`sleepy rollback` serves the previous version, `sleepy rollback base` the bare model",
    )
