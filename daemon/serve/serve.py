"""What is served: a version's subspace from its folder and its routes from the database, checked by hash.

A version's folder `versions/<id>` holds `subspace.json` and its tensors (see `version`). Without a version the bare
base model serves. A champion that is damaged gives way to the previous version, or to the base model, and no alias
moves: `Served.fallback` says so.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home
from sleepy.daemon.model.language_model import LanguageModel
from sleepy.daemon.serve import fallback
from sleepy.daemon.serve import version as at_rest
from sleepy.daemon.serve.fallback import Fallback
from sleepy.daemon.serve.version import Damaged, damaged, folder, rows
from sleepy.daemon.storage import home as stored
from sleepy.daemon.tools.tools import Tools
from sleepy.memory.episodic import versions
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.versions import Alias
from sleepy.memory.parametric.errors import SubspaceError
from sleepy.memory.parametric.router import Router
from sleepy.memory.parametric.subspace import Subspace

__all__ = ["Damaged", "Served", "champion", "folder", "load", "read", "rows", "serving", "write"]


@dataclass(frozen=True, slots=True)
class Served:
    """What answers: the base model, or it with a version's subspace and routes.

    `fallback` says why this is not the champion; empty where it is.
    """

    version: str | None = None
    subspace: Subspace | None = None
    router: Router = field(default_factory=Router)
    fallback: str = ""

    @property
    def answering(self) -> Subspace | None:
        """The subspace, where any route answers by it."""
        return self.subspace if self.router.accepted else None

    @contextmanager
    def on(self, model: LanguageModel) -> Iterator[LanguageModel]:
        """The model serving this, within."""
        with model.serving(self.answering) as serving:
            yield serving


def serving(tools: Tools) -> Served:
    """The champion, or what serves in its place: then that is logged and written down for `sleepy status`."""
    served = champion(tools.db, tools.home, base=tools.model.name)
    found = Fallback(served.fallback, versions.champion(tools.db), served.version) if served.fallback else None
    fallback.note_fallback(tools.db, found, now=tools.now())
    return served


def champion(db: Database, home: Home, *, base: str) -> Served:
    """The champion as it is served by the model `base`; where it is damaged, the previous version or the base model.

    `UserError` where it was learnt on another model: no other version is what was asked for then.
    """
    pointed = versions.pointed(db)
    wanted, previous = pointed.get(Alias.CHAMPION), pointed.get(Alias.PREVIOUS)
    try:
        return load(db, home, wanted, base=base)
    except Damaged as error:
        reasons = [str(error)]
    served = Served()
    if previous is not None and previous != wanted:
        try:
            served = load(db, home, previous, base=base)
        except UserError as error:
            reasons.append(str(error))
    name = f"the previous version {served.version}" if served.version else "the base model"
    return replace(served, fallback=f"{'; '.join(reasons)}; {name} serves in its place")


def load(db: Database, home: Home, version: str | None, *, base: str) -> Served:
    """A version by its whole id; None is the base model. `Damaged` if it is not what was promoted."""
    if version is None:
        return Served()
    removed = versions.read(db, version).removed
    if removed is not None:
        raise damaged(version, f"its files were removed on {removed:%Y-%m-%d}")
    at_rest.check(db, home, version)
    subspace, router, trained_on = read(db, home, version)
    if trained_on != base:
        raise UserError(
            f"version {version} was trained on the model {trained_on!r}, not on {base!r}",
            remedy=f"use --model {trained_on}, another SLEEPY_HOME, or `sleepy rollback base`",
        )
    return Served(version, subspace, router)


def read(db: Database, home: Home, version: str) -> tuple[Subspace, Router, str]:
    """A version's subspace, the routes it has by now, and the model it was trained on.

    `Damaged` unless every file is as it was promoted.
    """
    at_rest.check_files(db, home, version)
    try:
        subspace = Subspace.load(folder(db, home, version))
    except (SubspaceError, OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise damaged(version, str(error)) from error
    return subspace, at_rest.router(db, home, version), at_rest.base(db, home, version)


def write(home: Home, subspace: Subspace, router: Router, *, base: str) -> tuple[str, Path, dict[str, str]]:
    """Writes a version's folder; returns its id, its path below the home and its files' hashes.

    The folder appears whole, by rename, and is then put into the home's store, if it has one: other homes may fetch a
    version as soon as it is registered. The same content is the same version. Its routes are the database's: whoever
    registers it gives `rows` of the same router, and `base` as its note.
    """
    building = home.versions / ".building"
    shutil.rmtree(building, ignore_errors=True)
    subspace.save(building)
    files = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(building.iterdir())}
    version = at_rest.named(files, router, base)
    place = home.versions / version
    shutil.rmtree(place, ignore_errors=True)  # what a crash or damage left under this name
    building.rename(place)
    stored.keep(home, place, files)
    return version, place.relative_to(home.root), files
