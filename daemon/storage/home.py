"""What of a home lies in its store: folders and files below it, by the same names. A home without one is left alone."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from sleepy.daemon.base.home import Home
from sleepy.daemon.storage.errors import NotStored
from sleepy.daemon.storage.store import Store, opened


def of(home: Home) -> Store | None:
    """The home's store; None where it has none."""
    return opened(home.storage) if home.storage else None


def key(home: Home, path: Path) -> str:
    """The name of a folder or file of the home in its store."""
    return path.relative_to(home.root).as_posix()


def keep(home: Home, path: Path, names: Collection[str] | None = None) -> None:
    """Puts a folder or file, or these files in the folder, into the store; what it has already is not written again."""
    if (store := of(home)) is not None:
        store.put(key(home, path), path, names)


def bring(home: Home, path: Path, *, again: bool = False) -> bool:
    """Gets what is not here (with `again`: in the place of what is here); whether it is here now.

    What the store does not have is not brought. `Corrupt` for what it has damaged; a store that cannot be used is an error.
    """
    if (again or not path.exists()) and (store := of(home)) is not None:
        try:
            store.get(key(home, path), path)
        except NotStored:
            return not again and path.exists()
    return path.exists()


def has(home: Home, path: Path) -> bool:
    """Whether the home's store has it whole."""
    store = of(home)
    return store is not None and store.has(key(home, path))


def drop(home: Home, path: Path) -> None:
    """Removes it, and all below it, from the store."""
    if (store := of(home)) is not None:
        store.drop(key(home, path))
