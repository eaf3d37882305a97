"""A version at rest: its files in a folder, its routes in the database, and whether both are what was promoted.

A version is named by the sha256 over its files' hashes and its routes. One that was made before routes were kept in
the database alone has them in its folder, `routes.json` among its files: it is read from there. What this home lacks or
has damaged is fetched from its store, if it has one. Never loads torch.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home
from sleepy.daemon.storage import home as stored
from sleepy.daemon.storage.errors import StoreError
from sleepy.memory.episodic import routes, versions
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.routes import Route
from sleepy.memory.episodic.versions import Version
from sleepy.memory.parametric.router import Router

FILE = "routes.json"  # of earlier versions: the model they were trained on, routes, and radii


class Damaged(UserError):
    """A version's files or routes are not those that were promoted."""


def damaged(version: str, reason: str) -> Damaged:
    return Damaged(
        f"version {version} is damaged: {reason}",
        remedy="`sleepy rollback` serves the previous version, `sleepy rollback base` the base model",
    )


def named(files: Mapping[str, str], router: Router, base: str) -> str:
    """The id of the version with these files (name -> sha256) and routes, trained on the model `base`."""
    return _hash(json.dumps({**files, FILE: _hash(_text(router, base))}, sort_keys=True))[:16]


def rows(router: Router, proofs: Iterable[Route]) -> list[Route]:
    """The routes as the database keeps them: where each is withdrawn, and its proof, where it has one."""
    known = {proof.signature: proof for proof in proofs}
    return [
        Route(
            scope, pattern, proof.wins, proof.losses, proof.exam_n, proof.p_value, True, router.reach.get(pattern),
            tuple(router.withdrawn.get(scope, ())),
        )
        for scope, pattern in sorted(router.accepted.items())
        for proof in [known.get(scope, Route(scope, pattern, 0, 0, 0, 1.0, True))]
    ]  # fmt: skip


def router(db: Database, home: Home, version: str) -> Router:
    """The version's routes; `Damaged` if it is an earlier one whose file cannot be read."""
    known = versions.read(db, version)
    if _is_earlier(known):
        return _earlier(home, known)[0]
    active = [item for item in routes.of_version(db, version) if item.active]
    return Router(
        {item.signature: item.serves for item in active},
        {item.serves: item.radius for item in active if item.radius is not None},
        {item.signature: item.withdrawn for item in active if item.withdrawn},
    )


def base(db: Database, home: Home, version: str) -> str:
    """The model that the version was trained on; `Damaged` as `router`."""
    known = versions.read(db, version)
    return _earlier(home, known)[1] if _is_earlier(known) else known.note


def check(db: Database, home: Home, version: str) -> None:
    """Raises `Damaged`, naming the first file that is missing or differs, or the routes."""
    check_files(db, home, version)
    check_routes(db, home, version)


def check_routes(db: Database, home: Home, version: str) -> None:
    """The same of its routes alone."""
    known, found = versions.read(db, version), router(db, home, version)
    if not _is_earlier(known) and named(dict(known.files), found, known.note) != version:
        raise damaged(version, "its routes in the database are not those that were promoted")


def check_files(db: Database, home: Home, version: str) -> None:
    """The same of its files alone; what is not as it was promoted is first fetched from the home's store."""
    known = versions.read(db, version)
    try:
        _check(known, home)
    except Damaged:
        if not home.storage or not _fetched(known, home):
            raise
        _check(known, home)


def folder(db: Database, home: Home, version: str) -> Path:
    """Where a version's files lie; they are fetched if this home has none of them, and its store has."""
    known = versions.read(db, version)
    _have(known, home)
    return home.root / known.path


def _check(known: Version, home: Home) -> None:
    for name, expected in known.files:
        path = home.root / known.path / name
        try:
            found = hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError as error:
            raise damaged(known.id, f"{path}: {error.strerror or error}") from error
        if found != expected:
            raise damaged(known.id, f"{path} is not the file that was promoted")


def _have(known: Version, home: Home) -> None:
    if home.storage and known.removed is None and not (home.root / known.path).is_dir():
        _fetched(known, home)


def _fetched(known: Version, home: Home) -> bool:
    """Whether the store had the version; `Damaged` where it cannot be asked: something else serves meanwhile."""
    try:
        return stored.bring(home, home.root / known.path, again=True)
    except StoreError as error:
        raise damaged(known.id, f"it is not here, and {error}") from error


def _is_earlier(known: Version) -> bool:
    return FILE in dict(known.files)


def _earlier(home: Home, known: Version) -> tuple[Router, str]:
    """Routes and base model as an earlier version's folder has them."""
    _have(known, home)
    try:
        said = json.loads((home.root / known.path / FILE).read_text(encoding="utf-8"))
        reach = {name: float(far) for name, far in said.get("reach", {}).items()}
        return Router(dict(said["accepted"]), reach), str(said["base"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise damaged(known.id, str(error)) from error


def _text(router: Router, base: str) -> str:
    """Routes as they are hashed: as earlier versions wrote them, so that the same content has the same name."""
    said: dict[str, Any] = {"base": base, "accepted": dict(sorted(router.accepted.items()))}
    patterns = set(router.accepted.values())
    if reach := {name: far for name, far in sorted(router.reach.items()) if name in patterns}:
        said["reach"] = reach
    if router.withdrawn:
        said["withdrawn"] = {scope: sorted(at) for scope, at in sorted(router.withdrawn.items())}
    return json.dumps(said, indent=1) + "\n"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
