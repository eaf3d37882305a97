"""What a user names on the command line: a pattern by its signature or its beginning, a task, an episode."""

from __future__ import annotations

import difflib
import tomllib
from pathlib import Path

from sleepy.daemon.base.errors import UserError
from sleepy.memory.episodic import episodes, patterns, tasks, traces
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.traces import Kind

_NEAR = 3  # names suggested
_MANY = 100_000


def pattern(db: Database, text: str, *, whole: bool = False) -> str | None:
    """The signature that this is, or (unless `whole`) the only one that begins so; None if there is none.

    `UserError` where several begin so.
    """
    known = _signatures(db)
    if text in known or whole:
        return text if text in known else None
    found = [name for name in known if text and name.startswith(text)]
    if len(found) > 1:
        raise UserError(
            f"{text!r} is the beginning of {len(found)} patterns",
            remedy=f"name one: {'; '.join(found[:_NEAR])}{'; ...' if len(found) > _NEAR else ''}",
        )
    return found[0] if found else None


def task_or_pattern(db: Database, text: str) -> tuple[Kind, str]:
    """A pattern, or a task by its name, its file's path or its digest. `UserError` suggests near names."""
    if pattern(db, text, whole=True):
        return Kind.PATTERN, text
    for name in _spellings(text):
        if tasks.find(db, name):
            return Kind.PATH, name
    found = pattern(db, text)
    if found is None:
        raise _unknown(db, text)
    return Kind.PATTERN, found


def to_forget(db: Database, text: str, *, whole: bool = False) -> tuple[Kind, str]:
    """The same, or an episode by its number, or a folder with tasks below it; with `whole` no mere beginnings."""
    if not text.strip():
        raise UserError("nothing is named", remedy="name an episode, a pattern or a path")
    if text.isdecimal():
        if episodes.read(db, int(text)) is not None:
            return Kind.EPISODE, str(int(text))
        raise UserError(f"no episode {text}", remedy="`sleepy why PATTERN` names the episodes that taught something")
    if pattern(db, text, whole=True):
        return Kind.PATTERN, text
    with db.reading() as connection:
        for name in _spellings(text):
            if traces.trace(connection, Kind.PATH, name).found:
                return Kind.PATH, name
    found = pattern(db, text, whole=whole)
    if found is None:
        raise _unknown(db, text)
    return Kind.PATTERN, found


def _spellings(text: str) -> list[str]:
    """As it was typed, as the path of a file or folder here, and as a crate's files are called: package and path."""
    path = Path(text).expanduser().absolute()
    found = [text, str(path)]
    for folder in (path, *path.parents):
        package = _package(folder / "Cargo.toml")
        if package is not None:
            found.append("/".join([package, *path.relative_to(folder).parts]))
            break
    return list(dict.fromkeys(found))


def _package(manifest: Path) -> str | None:
    """The package's name; None where there is no manifest of one."""
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
        f"neither a pattern nor a task is called {text!r}",
        remedy=f"did you mean {' or '.join(repr(name) for name in near)}?"
        if near
        else "`sleepy status` names patterns",
    )
