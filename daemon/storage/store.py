"""A store: pieces (files, or folders of files) by key. A reader sees a piece whole, as it was put, or not at all.

A piece's files are objects named by their sha256, below its key; its manifest says which they are, and is written last.
Files that are there already are not written again. What is read is checked against its name: a piece of which a file is
cut off or damaged is an error, and is taken away, so that whoever puts it again writes it anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import threading
import time
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sleepy.daemon.storage.errors import Corrupt, NotStored, StoreError
from sleepy.daemon.storage.objects import Objects

_MANIFEST, _FORMAT = "manifest.json", 1
_TOKEN, _PROBES = "nodes", "probes"
_AGAIN = "whoever has it writes it anew: a night, of what serves and what is being tried"


@dataclass(frozen=True, slots=True)
class Latency:
    """The seconds that a small object took to be written and to be read."""

    written: float
    read: float


@dataclass(frozen=True, slots=True)
class _Manifest:
    """A piece's files, name -> (sha256, bytes); a piece that `is_file` has one, without a name."""

    is_file: bool
    files: Mapping[str, tuple[str, int]]

    def encoded(self) -> bytes:
        told = {"format": _FORMAT, "file": self.is_file, "files": {name: [*item] for name, item in self.files.items()}}
        text = json.dumps(told, sort_keys=True)
        return json.dumps({"sha256": hashlib.sha256(text.encode()).hexdigest(), "said": text}).encode()

    @classmethod
    def decoded(cls, data: bytes) -> _Manifest:
        """`ValueError` for what is no manifest, or not a whole one."""
        try:
            outer = json.loads(data)
            if hashlib.sha256(outer["said"].encode()).hexdigest() != outer["sha256"]:
                raise ValueError("it is damaged")
            told = json.loads(outer["said"])
            if told["format"] != _FORMAT:
                raise ValueError(f"its format is {told['format']!r}, this program reads {_FORMAT}")
            files = {str(name): (str(digest), int(size)) for name, (digest, size) in told["files"].items()}
            return cls(bool(told["file"]), files)
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("it is no manifest") from error


class Store:
    """The store at a URL. `StoreError` and its kinds (see `errors`) where it cannot be used."""

    def __init__(self, url: str) -> None:
        self._objects = Objects(url)

    def __str__(self) -> str:
        return self._objects.shown

    def put(self, key: str, path: Path, names: Collection[str] | None = None) -> None:
        """Puts a file or a folder, of which only the files `names` if given; what the store has already is not written.

        Whatever the key had before is replaced at once, and its files go.
        """
        made = _described(path, names)
        there = self._objects.sizes(key)
        for name, (digest, size) in made.files.items():
            if there.get(f"{key}/{digest}") != size:
                self._objects.upload(f"{key}/{digest}", path / name if name else path)
        encoded = made.encoded()
        if there.get(f"{key}/{_MANIFEST}") != len(encoded) or self._objects.read(f"{key}/{_MANIFEST}") != encoded:
            self._objects.write(f"{key}/{_MANIFEST}", encoded)
        kept = {_MANIFEST, *(digest for digest, _ in made.files.values())}
        for name in there:
            own = name.removeprefix(f"{key}/")
            if "/" not in own and own not in kept:
                self._objects.remove(name)

    def get(self, key: str, place: Path) -> None:
        """Gets a piece: it appears whole at `place`, instead of what was there.

        `NotStored` if the store has none, `Corrupt` if it is not what was put.
        """
        place.parent.mkdir(parents=True, exist_ok=True)
        building = place.with_name(f".{place.name}.{os.getpid()}.{threading.get_native_id()}.partial")
        _removed(building)
        try:
            manifest = self._manifest(key)
            try:
                self._fetch(key, manifest, building)
            except NotStored as error:  # replaced meanwhile, or a part of it is lost
                again = self._manifest(key)
                if again == manifest:
                    raise self._corrupt(key, "a file of it is missing") from error
                self._fetch(key, again, building)
            _replace(building, place)
        finally:
            _removed(building)

    def has(self, key: str) -> bool:
        """Whether it has the whole piece, as far as its files' sizes tell."""
        there = self._objects.sizes(key)
        if f"{key}/{_MANIFEST}" not in there:
            return False
        try:
            files = self._manifest(key).files
        except (NotStored, Corrupt):
            return False
        return all(there.get(f"{key}/{digest}") == size for digest, size in files.values())

    def keys(self, under: str) -> list[str]:
        """The keys of all pieces below one, itself included."""
        ending = f"/{_MANIFEST}"
        return sorted(name.removesuffix(ending) for name in self._objects.sizes(under) if name.endswith(ending))

    def read(self, key: str) -> bytes | None:
        """A small file's bytes; None if the store has none."""
        try:
            ((digest, _),) = self._manifest(key).files.values()
            found = self._objects.read(f"{key}/{digest}")
        except NotStored:
            return None
        if hashlib.sha256(found).hexdigest() != digest:
            raise self._damaged(key, digest)
        return found

    def drop(self, under: str) -> None:
        """Removes all pieces below a key, and its own; manifests first, so that none is left without its files."""
        for key in self.keys(under):
            self._objects.remove(f"{key}/{_MANIFEST}")
        self._objects.remove_all(under)

    def token(self) -> str:
        """What tells this store from any other; it is written at the first asking."""
        try:
            return self._objects.read(_TOKEN).decode("ascii")
        except NotStored:
            token = uuid.uuid4().hex
            self._objects.write(_TOKEN, token.encode())
            return token

    def tried(self) -> Latency:
        """How long it takes to write and read an object, which is removed again; an error where one of these fails."""
        name, content = f"{_PROBES}/{uuid.uuid4().hex}", uuid.uuid4().bytes
        began = time.monotonic()
        self._objects.write(name, content)
        written = time.monotonic()
        found = self._objects.read(name)
        read = time.monotonic()
        self._objects.remove(name)
        if found != content:
            raise StoreError(f"the store {self} does not give back what it was given", remedy="use another")
        return Latency(written - began, read - written)

    def _manifest(self, key: str) -> _Manifest:
        try:
            data = self._objects.read(f"{key}/{_MANIFEST}")
        except NotStored as error:
            raise NotStored(f"the store {self} has no {key}", remedy=_AGAIN) from error
        try:
            return _Manifest.decoded(data)
        except ValueError as error:
            raise self._corrupt(key, f"its manifest: {error}") from error

    def _fetch(self, key: str, manifest: _Manifest, building: Path) -> None:
        _removed(building)
        if not manifest.is_file:
            building.mkdir()
        for name, (digest, _) in manifest.files.items():
            path = building / name if name else building
            path.parent.mkdir(parents=True, exist_ok=True)
            self._objects.download(f"{key}/{digest}", path)
            if _digest(path) != digest:
                raise self._damaged(key, digest)

    def _damaged(self, key: str, digest: str) -> Corrupt:
        self._objects.remove(f"{key}/{digest}")
        return self._corrupt(key, f"what {digest[:12]}… holds has another hash")

    def _corrupt(self, key: str, why: str) -> Corrupt:
        """Takes the piece away: nobody is to try it again until it is put anew."""
        self._objects.remove(f"{key}/{_MANIFEST}")
        return Corrupt(f"{key} in the store {self} was damaged: {why}", remedy=_AGAIN)


@lru_cache(maxsize=4)
def _opened(url: str, _process: int) -> Store:
    return Store(url)


def opened(url: str) -> Store:
    """The store at a URL, one a process: some of fsspec's do not outlive a fork."""
    return _opened(url, os.getpid())


def _described(path: Path, names: Collection[str] | None) -> _Manifest:
    if not path.is_dir():
        return _Manifest(True, {"": (_digest(path), path.stat().st_size)})
    if names is None:
        inside = [item for item in path.rglob("*") if item.is_file()]
        names = [item.relative_to(path).as_posix() for item in inside if not item.name.endswith(".partial")]
    return _Manifest(False, {name: (_digest(path / name), (path / name).stat().st_size) for name in sorted(names)})


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _replace(building: Path, place: Path) -> None:
    for path in [building, *building.rglob("*")] if building.is_dir() else [building]:
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
    if building.is_dir() and place.exists():
        aside = place.with_name(f"{building.name}.old")
        place.rename(aside)
        building.rename(place)
        _removed(aside)
    else:
        building.replace(place)


def _removed(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
