"""The pieces of a night's folder that lie in the home's store as well, where another home finds them.

A piece is a file of the folder, the subspace, or an adapter that is complete; checkpoints are none. After each stage
they are put there before the database says that the stage is done, so what the database names is always in the store.
All of it does nothing in a home without one.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from sleepy.daemon.base.home import Home
from sleepy.daemon.storage import home as stored
from sleepy.memory.episodic import candidates, nights, versions
from sleepy.memory.episodic.candidates import KeptCandidate
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.versions import Alias

ADAPTERS = "adapters"
LEARNT = "learnt.json"  # of an adapter: it is written last, and marks the folder as complete
_SERVED = (Alias.CHAMPION, Alias.PREVIOUS)


def keep(home: Home, folder: Path) -> None:
    """Puts the pieces of a night's folder into the store."""
    if home.storage:
        for path in _pieces(folder):
            stored.keep(home, path)


def keep_adapters(home: Home, folder: Path) -> None:
    """Puts the complete adapters of a folder into the store."""
    for path in sorted(folder.iterdir()):
        if _is_whole(path):
            stored.keep(home, path)


def bring(home: Home, folder: Path) -> None:
    """Gets a night's folder as the store has it, in the place of what is here."""
    store = stored.of(home)
    assert store is not None, "what is in a store was asked of one"
    shutil.rmtree(folder, ignore_errors=True)
    for key in store.keys(stored.key(home, folder)):
        store.get(key, home.root / key)


def keep_what_is_needed(db: Database, home: Home) -> None:
    """Puts what serves, what served before it, and the adapters still being tried into the store, as far as they are here."""
    if not home.storage:
        return
    pointed = versions.pointed(db)
    for version in {target for alias in _SERVED if (target := pointed.get(alias)) is not None}:
        known = versions.read(db, version)
        if known.removed is None and (home.root / known.path).is_dir():
            stored.keep(home, home.root / known.path, [name for name, _ in known.files])
    for item in candidates.open_of_all(db):
        if item.folder and (home.root / item.folder).is_dir():
            stored.keep(home, home.root / item.folder)


def bring_file(db: Database, home: Home, name: str, some: Iterable[KeptCandidate]) -> None:
    """Gets a file of the nights in which these candidates were asked, where it is not here and the store has it."""
    if not home.storage:
        return
    asked = {number for item in some for number in item.nights}
    for night in nights.recent(db, limit=100_000):
        if night.id in asked:
            stored.bring(home, home.nights / night.date.isoformat() / name)


def _pieces(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.name == ADAPTERS:
            yield from (item for item in sorted(path.iterdir()) if _is_whole(item))
        elif not path.name.startswith("."):
            yield path


def _is_whole(path: Path) -> bool:
    """Whether it is an adapter that training completed, or a note of the precision that it began in."""
    return (path / LEARNT).is_file() or (path.is_file() and path.stat().st_size == 0)
