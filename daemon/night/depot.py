"""Training on machines that do not see the home: inputs come from its store, adapters and checkpoints go there.

A node has a folder of its own in the place of the home, below which everything has the home's names; it goes with its
process. A checkpoint has a fixed key, and the newest is what the store has: a pattern whose node is lost goes on from
there on another.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import logging
import os
import platform
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from sleepy.daemon.base.home import Home
from sleepy.daemon.storage import home as stored
from sleepy.daemon.storage.errors import Corrupt, NotStored, StoreError
from sleepy.daemon.storage.store import Store, opened

_log = logging.getLogger("sleepy.night")
_LOCK = "lock"  # held as long as the process that has the folder lives


@dataclass(frozen=True, slots=True)
class Depot:
    """The store of a home, as a node is told of it; `root` is the home on the machine that decides."""

    url: str = field(repr=False)  # it may hold a password
    root: Path
    token: str

    @classmethod
    def of(cls, home: Home) -> Depot | None:
        """The home's; None where it has no store."""
        store = stored.of(home)
        return None if store is None else cls(home.storage, home.root, store.token())

    def unfit(self) -> str:
        """Why this machine cannot use the store; "" where it can read and write there, and it is the same one."""
        name = platform.node()
        try:
            store = opened(self.url)
            if store.token() != self.token:
                return f"{name} sees another store at {store}: the same one must be reached from everywhere"
            store.tried()
        except StoreError as error:
            return f"{name}: {error}"
        return ""

    def here(self, path: Path) -> Path:
        """Where a folder or file of the home has its place on this machine."""
        return _scratch() / path.relative_to(self.root)

    def fetched(self, path: Path) -> Path:
        """The same; it is fetched from the store where it is not here yet."""
        place = self.here(path)
        if not place.exists():
            opened(self.url).get(path.relative_to(self.root).as_posix(), place)
        return place


class InStore:
    """What is trained on a node lies in the store too (see `train.Kept`)."""

    def __init__(self, depot: Depot) -> None:
        self._store: Store = opened(depot.url)

    def bring(self, path: Path) -> None:
        try:
            self._store.get(_key(path), path)
        except NotStored:
            pass
        except Corrupt as error:  # it is learnt again
            _log.warning("%s", error)

    def keep(self, path: Path) -> None:
        self._store.put(_key(path), path)

    def checkpoint(self, path: Path) -> None:
        try:
            self._store.put(_key(path), path)
        except StoreError as error:  # training goes on: the one before is still there
            _log.warning("a checkpoint was not kept: %s", error)

    def drop(self, path: Path) -> None:
        with contextlib.suppress(StoreError):
            self._store.drop(_key(path))


def handed(home: Home, start: Path | None) -> None:
    """Puts the subspace that jobs on nodes begin with into the store."""
    if start is not None and not stored.has(home, start):
        stored.keep(home, start, [path.name for path in start.iterdir() if path.is_file()])


def taken(home: Home, folder: Path, names: Sequence[str]) -> None:
    """Gets adapters of the night that nodes trained. `NotStored` if one is lost since."""
    store = stored.of(home)
    assert store is not None, "nodes without the home's store see the home"
    for name in names:
        if not (folder / name).is_dir():
            store.get(stored.key(home, folder / name), folder / name)


def _key(path: Path) -> str:
    return path.relative_to(_scratch()).as_posix()


@lru_cache(maxsize=1)
def _scratch() -> Path:
    """This process's folder; those of processes that were killed are removed."""
    above = Path(tempfile.gettempdir(), f"sleepy-node-{os.getuid()}")
    above.mkdir(mode=0o700, exist_ok=True)
    for left in above.glob("[!.]*"):
        with contextlib.suppress(OSError), (left / _LOCK).open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(left, ignore_errors=True)
    building = Path(tempfile.mkdtemp(prefix=".", dir=above))
    fcntl.flock(os.open(building / _LOCK, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC), fcntl.LOCK_EX)  # until we end
    folder = building.rename(above / building.name.removeprefix("."))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
