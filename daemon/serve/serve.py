"""What is served: a version's subspace and routes, read from its folder and checked by hash.

A version is a folder `versions/<id>` of `subspace.json`, its tensors and `routes.json`; the id is the
sha256 over the files' names and hashes. Without a version the bare base model serves. A champion that is damaged
gives way to the previous version, or to the bare base, and no alias moves: `Served.fallback` says so.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home
from sleepy.daemon.model.language_model import LanguageModel
from sleepy.daemon.serve import fallback
from sleepy.daemon.serve.fallback import Damaged, Fallback, check, damaged
from sleepy.daemon.tools.tools import Tools
from sleepy.memory.episodic import versions
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.versions import Alias
from sleepy.memory.parametric.errors import SubspaceError
from sleepy.memory.parametric.router import Router
from sleepy.memory.parametric.storage import write_whole
from sleepy.memory.parametric.subspace import Subspace

__all__ = ["Damaged", "Served", "champion", "folder", "load", "read", "serving", "write"]

_ROUTES = "routes.json"


@dataclass(frozen=True, slots=True)
class Served:
    """What answers: the base model, or it with a version's subspace and routes.

    `fallback` says why this is not the champion; empty where it is.
    """

    version: str | None = None
    subspace: Subspace | None = None
    router: Router = field(default_factory=Router)
    fallback: str = ""

    @contextmanager
    def on(self, model: LanguageModel) -> Iterator[LanguageModel]:
        """The model serving this, within."""
        with model.serving(self.subspace if self.router.accepted else None) as serving:
            yield serving


def serving(tools: Tools) -> Served:
    """The champion, or what serves in its place: then that is logged and written down for `sleepy status`."""
    served = champion(tools.db, tools.home, base=tools.model.name)
    found = Fallback(served.fallback, versions.champion(tools.db), served.version) if served.fallback else None
    fallback.note(tools.db, found, now=tools.now())
    return served


def champion(db: Database, home: Home, *, base: str) -> Served:
    """The champion as it is served by the model `base`; where it is damaged, the previous version or the bare base.

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
    name = f"the previous version {served.version}" if served.version else "the bare base model"
    return replace(served, fallback=f"{'; '.join(reasons)}; {name} serves in its place")


def load(db: Database, home: Home, version: str | None, *, base: str) -> Served:
    """A version by its whole id; None is the bare base. `Damaged` if its files are not what was promoted."""
    if version is None:
        return Served()
    removed = versions.read(db, version).removed
    if removed is not None:
        raise damaged(version, f"its files were removed on {removed:%Y-%m-%d}")
    subspace, router, trained_on = read(db, home, version)
    if trained_on != base:
        raise UserError(
            f"version {version} was trained on the model {trained_on!r}, not on {base!r}",
            remedy=f"use --model {trained_on}, another SLEEPY_HOME, or `sleepy rollback base`",
        )
    return Served(version, subspace, router)


def read(db: Database, home: Home, version: str) -> tuple[Subspace, Router, str]:
    """A version's subspace, its routes, and the model it was learnt on; `Damaged` unless every hash is right."""
    known = versions.read(db, version)
    folder = home.root / known.path
    check(db, home, version)
    try:
        subspace = Subspace.load(folder)
        routes = json.loads((folder / _ROUTES).read_text(encoding="utf-8"))
        router = Router(dict(routes["accepted"]), {name: float(far) for name, far in routes.get("reach", {}).items()})
        return subspace, router, str(routes["base"])
    except (SubspaceError, OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise damaged(version, str(error)) from error


def folder(db: Database, home: Home, version: str) -> Path:
    """Where a version's files lie."""
    return home.root / versions.read(db, version).path


def write(home: Home, subspace: Subspace, router: Router, *, base: str) -> tuple[str, Path, dict[str, str]]:
    """Writes a version's folder; returns its id, its path below the home and its files' hashes.

    The folder appears whole, by rename; the same content is the same version.
    """
    building = home.versions / ".building"
    shutil.rmtree(building, ignore_errors=True)
    subspace.save(building)
    routes = {"base": base, "accepted": dict(sorted(router.accepted.items()))}
    if router.reach:
        routes["reach"] = dict(sorted(router.reach.items()))
    write_whole(building / _ROUTES, (json.dumps(routes, indent=1) + "\n").encode())
    files = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(building.iterdir())}
    version = hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()[:16]
    folder = home.versions / version
    shutil.rmtree(folder, ignore_errors=True)  # what a crash or damage left under this name
    building.rename(folder)
    return version, folder.relative_to(home.root), files
