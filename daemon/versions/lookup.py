"""Finds what a user names on the command line: a pattern by its signature or its words, a task, an episode."""

from __future__ import annotations

import difflib
import shlex
import tomllib
from pathlib import Path

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.pattern import named
from sleepy.memory.episodic import episodes, patterns, tasks, traces
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.traces import Forgettable

_NEAR = 3  # names suggested
_MANY = 100_000


def pattern(db: Database, text: str, *, whole: bool = False) -> str | None:
    """The signature of the pattern that the text names; None if there is none.

    A text is a signature, a pattern in words as `spoken` says it, or (unless `whole`) the beginning of one of them.
    Raises `UserError` if several patterns begin so.
    """
    found = named(text, _signatures(db), whole=whole)
    if len(found) > 1:
        raise UserError(
            f"{len(found)} patterns begin with {text!r}",
            remedy=f"name one: {' or '.join(map(shlex.quote, found[:_NEAR]))}{' ...' if len(found) > _NEAR else ''}",
        )
    return found[0] if found else None


def task_or_patterns(db: Database, text: str) -> tuple[Forgettable, list[str]]:
    """The patterns that the text names or begins, or a task by its name, its file's path or its digest.

    `UserError` suggests similar names.
    """
    exact = pattern(db, text, whole=True)
    if exact is not None:
        return Forgettable.PATTERN, [exact]
    for name in _spellings(text):
        if tasks.find(db, name):
            return Forgettable.PATH, [name]
    found = named(text, _signatures(db))
    if not found:
        raise _unknown(db, text)
    return Forgettable.PATTERN, found


def to_forget(db: Database, text: str, *, whole: bool = False) -> tuple[Forgettable, str]:
    """A pattern or task, an episode by its number, or a folder of tasks; with `whole`, no mere beginnings."""
    if not text.strip():
        raise UserError("nothing was named", remedy="name an episode, a pattern or a path")
    if text.isdecimal():
        if episodes.read(db, int(text)) is not None:
            return Forgettable.EPISODE, str(int(text))
        raise UserError(
            f"there is no episode {text}", remedy="`sleepy why PATTERN` names the episodes behind a pattern"
        )
    exact = pattern(db, text, whole=True)
    if exact is not None:
        return Forgettable.PATTERN, exact
    with db.reading() as connection:
        for name in _spellings(text):
            if traces.trace(connection, Forgettable.PATH, name).found:
                return Forgettable.PATH, name
    found = pattern(db, text, whole=whole)
    if found is None:
        raise _unknown(db, text)
    return Forgettable.PATTERN, found


def _spellings(text: str) -> list[str]:
    """The names that a text may stand for: itself, an absolute path, and a crate's file as package and path."""
    path = Path(text).expanduser().absolute()
    found = [text, str(path)]
    for folder in (path, *path.parents):
        package = _package(folder / "Cargo.toml")
        if package is not None:
            found.append("/".join([package, *path.relative_to(folder).parts]))
            break
    return list(dict.fromkeys(found))


def _package(manifest: Path) -> str | None:
    """The name of the package in a manifest; None if there is none."""
    try:
        name = tomllib.loads(manifest.read_text(encoding="utf-8"))["package"]["name"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return name if isinstance(name, str) else None


def _signatures(db: Database) -> list[str]:
    return [item.signature for item in patterns.overview(db, limit=_MANY)]


def _unknown(db: Database, text: str) -> UserError:
    known = [*_signatures(db), *traces.names(db, limit=_MANY)]
    near = [name for name in known if name.startswith(text)]
    near += difflib.get_close_matches(text, known, n=_NEAR, cutoff=0.4)
    near += [name for name in known if text.lower() in name.lower()]
    near = list(dict.fromkeys(near))[:_NEAR]
    if not known:
        return UserError(f"nothing is known of {text!r}: nothing was attempted yet", remedy="`sleepy day` practises")
    return UserError(
        f"no pattern or task is called {text!r}",
        remedy=f"did you mean {' or '.join(repr(name) for name in near)}?"
        if near
        else "`sleepy status` shows the patterns",
    )
