"""Objects below a URL of fsspec's, each written whole: a reader sees the old bytes or the new ones. All errors are ours.

What is no object store has its files renamed into place. A folder that is not there is not made: a file system that is
not mounted would be written to beside its place.
"""

from __future__ import annotations

import contextlib
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from sleepy.daemon.base.address import masked
from sleepy.daemon.storage.errors import NotStored, StoreError, missing, translated, uninstalled, unknown
from sleepy.memory.parametric.storage import write_whole

_WHOLE = frozenset(["s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "adl", "oss", "oci", "memory"])  # as they write
_LOCAL = frozenset(["file", "local"])
_S3: dict[str, Any] = {  # a server that is away is noticed within seconds; s3fs tries again by itself
    "config_kwargs": {"connect_timeout": 5, "read_timeout": 60, "retries": {"total_max_attempts": 2}},
}
_NEVER = "never"  # an object that no store has
_TRUTH = {"true": True, "false": False}


class Objects:
    """The objects below a URL. `StoreError` for one that cannot be opened."""

    def __init__(self, url: str) -> None:
        self.shown = masked(url)
        address, _, parameters = url.partition("?")
        self._protocol = address.partition("://")[0]
        given = {name: _TRUTH.get(value.lower(), value) for name, value in parse_qsl(parameters)}
        usual = _S3 if self._protocol in ("s3", "s3a") else {}
        try:
            import fsspec
        except ImportError as error:
            raise uninstalled(self.shown, error) from error
        try:
            self._fs, root = fsspec.url_to_fs(address, use_listings_cache=False, **{**usual, **given})
        except ImportError as error:
            raise uninstalled(self.shown, error) from error
        except (ValueError, TypeError) as error:  # a protocol, or a parameter
            raise unknown(self.shown, error) from error
        except Exception as error:  # some connect at once
            raise translated(error, self.shown, "its root") from error
        self._root = str(root).rstrip("/")

    def read(self, name: str) -> bytes:
        """The object's bytes; `NotStored` if there is none."""
        with self._told(name):
            return bytes(self._fs.cat_file(self._at(name)))

    def write(self, name: str, content: bytes) -> None:
        """Writes the object, or replaces it."""
        with self._writing(name) as place:
            self._fs.pipe_file(place, content) if self._protocol not in _LOCAL else write_whole(Path(place), content)

    def upload(self, name: str, path: Path) -> None:
        """The same from a file."""
        with self._writing(name) as place:
            if self._protocol in _LOCAL:
                with path.open("rb") as source:
                    write_whole(Path(place), lambda file: shutil.copyfileobj(source, file))
            else:
                self._fs.put_file(str(path), place)

    def download(self, name: str, path: Path) -> None:
        """Writes the object to a file; `NotStored` if there is none."""
        with self._told(name):
            self._fs.get_file(self._at(name), str(path))

    def sizes(self, under: str) -> dict[str, int]:
        """The bytes of every object whose name begins with `under` and a slash."""
        with self._told(under):
            try:
                found = self._fs.find(self._at(under), detail=True)
            except FileNotFoundError:
                found = {}
            if not found:
                self._be_there()
        start = len(self._root) + 1
        return {path[start:]: int(item["size"]) for path, item in found.items() if item["type"] == "file"}

    def remove(self, name: str) -> None:
        """Removes the object if there is one."""
        with contextlib.suppress(NotStored), self._told(name):
            self._fs.rm_file(self._at(name))

    def remove_all(self, under: str) -> None:
        """Removes every object whose name begins with `under` and a slash."""
        with contextlib.suppress(NotStored), self._told(under):
            if self.sizes(under):
                self._fs.rm(self._at(under), recursive=True)

    def _at(self, name: str) -> str:
        return f"{self._root}/{name}"

    def _be_there(self) -> None:
        """Raises where it is not the object that is missing but the bucket or folder."""
        if self._protocol not in _WHOLE:
            if not self._fs.isdir(self._root):
                raise missing(self.shown, f"there is no folder {self._root}")
        else:
            with contextlib.suppress(NotStored):
                try:
                    self._fs.cat_file(self._at(_NEVER))
                except Exception as error:
                    raise translated(error, self.shown, _NEVER) from error

    @contextmanager
    def _writing(self, name: str) -> Iterator[str]:
        """Where to write: in place, or beside it to be renamed afterwards."""
        with self._told(name, writing=True):
            place = self._at(name)
            if self._protocol in _WHOLE:
                yield place
                return
            self._be_there()
            self._fs.makedirs(place.rpartition("/")[0], exist_ok=True)
            if self._protocol in _LOCAL:
                yield place
                return
            beside = f"{place}.{uuid.uuid4().hex}.partial"
            yield beside
            self._fs.mv(beside, place)

    @contextmanager
    def _told(self, name: str, *, writing: bool = False) -> Iterator[None]:
        try:
            yield
        except StoreError:
            raise
        except Exception as error:  # an edge: every file system has errors of its own
            told = translated(error, self.shown, name)
            if isinstance(told, NotStored):
                if writing:
                    raise missing(self.shown, str(error).strip().split("\n")[0]) from error
                if self._protocol not in _WHOLE:  # an object store has said so itself
                    self._be_there()
            raise told from error
