"""What is served: a version's subspace and routes, read from its folder and checked by hash.

A version is a folder `versions/<id>` of `subspace.json`, its tensors and `routes.json`; the id is the
sha256 over the files' names and hashes. Without a version the bare base model serves.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sleepy.daemon.agent.model import LanguageModel
from sleepy.daemon.errors import UserError
from sleepy.daemon.home import Home
from sleepy.memory.episodic import versions
from sleepy.memory.episodic.database import Database
from sleepy.memory.parametric.errors import SubspaceError
from sleepy.memory.parametric.router import Router
from sleepy.memory.parametric.storage import write_whole
from sleepy.memory.parametric.subspace import Subspace

_ROUTES = "routes.json"


@dataclass(frozen=True, slots=True)
class Served:
    """What answers: the base model, or it with a version's subspace and routes."""

    version: str | None = None
    subspace: Subspace | None = None
    router: Router = field(default_factory=Router)

    @contextmanager
    def on(self, model: LanguageModel) -> Iterator[LanguageModel]:
        """The model serving this, within."""
        with model.serving(self.subspace if self.router.accepted else None) as serving:
            yield serving


def champion(db: Database, home: Home, *, base: str) -> Served:
    """The champion as it is served by the model `base`; `UserError` names what is wrong and the way back."""
    return load(db, home, versions.champion(db), base=base)


def load(db: Database, home: Home, version: str | None, *, base: str) -> Served:
    """A version by its whole id; None is the bare base."""
    if version is None:
        return Served()
    known = versions.read(db, version)
    folder = home.root / known.path
    for name, expected in known.files:
        try:
            found = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        except OSError as error:
            raise _damaged(version, f"{folder / name}: {error.strerror or error}") from error
        if found != expected:
            raise _damaged(version, f"{folder / name} is not the file that was promoted")
    try:
        subspace = Subspace.load(folder)
        routes = json.loads((folder / _ROUTES).read_text(encoding="utf-8"))
        router = Router(dict(routes["accepted"]), {name: float(far) for name, far in routes.get("reach", {}).items()})
        trained_on = routes["base"]
    except (SubspaceError, OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged(version, str(error)) from error
    if trained_on != base:
        raise UserError(
            f"version {version} was learnt on the model {trained_on!r}, not on {base!r}",
            remedy=f"use --model {trained_on}, another SLEEPY_HOME, or `sleepy rollback base`",
        )
    return Served(version, subspace, router)


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


def _damaged(version: str, reason: str) -> UserError:
    return UserError(
        f"version {version} is damaged: {reason}",
        remedy="`sleepy rollback` serves the previous version, `sleepy rollback base` the bare model",
    )
