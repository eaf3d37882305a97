"""The champion's patterns for a server that has the base model: written as PEFT adapters, and loaded there by name."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home
from sleepy.daemon.base.listener import Complain
from sleepy.daemon.model.loras import Loras
from sleepy.daemon.model.server import Server
from sleepy.daemon.serve import serve
from sleepy.daemon.serve import version as at_rest
from sleepy.daemon.serve.serve import Served
from sleepy.daemon.serve.version import Damaged
from sleepy.memory.episodic import versions
from sleepy.memory.episodic.database import Database
from sleepy.memory.parametric.adapter import write_peft
from sleepy.memory.parametric.subspace import Subspace

FOLDER = "peft"  # within a version's own, so that it goes with it
_NAME = re.compile("sleepy-([0-9a-f]{16})-[0-9a-f]{12}")
_ALL = 100_000


def served_by(server: Server, db: Database, home: Home, complain: Complain) -> Served:
    """What serves on the server: the champion with its routes as adapters, or the base model alone.

    Adapters of the home's other versions are unloaded. `UserError` as of `serve.champion`.
    """
    known = frozenset(item.id for item in versions.recent(db, limit=_ALL))
    if not known:
        return Served()
    wanted = versions.champion(db)
    base = _learnt_on(db, home, wanted)
    served = serve.champion(db, home, base=base)
    if served.fallback:
        complain(served.fallback)
    others = known - {served.version}
    cards = server.meet(lambda name: _version(name) in others)
    if served.version is None or served.subspace is None or not cards:
        return Served()
    if base not in {server.model, *(card.root for card in cards if card.name == server.model)}:
        complain(
            f"only the base model answers: version {served.version} was learnt on {base}, {server.name} is another"
        )
        return Served()
    folder = serve.folder(db, home, served.version) / FOLDER
    shelf = ExportedAdapters(served.version, base, served.subspace, folder)
    server.loras = Loras(shelf, complain, there=[card.name for card in cards])
    return served


def _learnt_on(db: Database, home: Home, version: str | None) -> str:
    """The model that a version was learnt on; '' where nothing says so."""
    try:
        return "" if version is None else at_rest.base(db, home, version)
    except Damaged:
        return ""  # `serve.champion` says it


@dataclass(frozen=True, slots=True)
class ExportedAdapters:
    """A version's patterns as folders of PEFT, each written when it is first asked for."""

    version: str
    base: str
    subspace: Subspace
    root: Path

    def name(self, pattern: str) -> str:
        """The version and the pattern's digest: the same name is the same content."""
        return f"sleepy-{self.version}-{_digest(pattern)}"

    def folder(self, pattern: str) -> Path:
        """The adapter's folder, whole. `UserError` where it cannot be written."""
        out = self.root / _digest(pattern)
        if out.is_dir():
            return out
        building = self.root / f".{out.name}.{os.getpid()}.partial"
        try:
            write_peft(building, self.subspace.reconstruct(pattern), self.base)
            if not out.is_dir():
                building.rename(out)
        except OSError as error:
            raise UserError(
                f"the adapter cannot be written to {out}: {error.strerror or error}",
                remedy="check the folder's permissions",
            ) from error
        finally:
            shutil.rmtree(building, ignore_errors=True)
        return out


def _version(name: str) -> str | None:
    """The version of an adapter's name; None for any other name."""
    found = _NAME.fullmatch(name)
    return found[1] if found is not None else None


def _digest(pattern: str) -> str:
    return hashlib.sha256(pattern.encode()).hexdigest()[:12]
