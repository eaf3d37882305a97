"""A version's routes, read without its weights. Never loads torch."""

from __future__ import annotations

import json

from sleepy.daemon.home import Home
from sleepy.memory.episodic import routes, versions
from sleepy.memory.episodic.database import Database
from sleepy.memory.parametric.router import Router


def router(db: Database, home: Home, version: str | None) -> Router:
    """The version's routes as its folder has them, reaches included; else, without these, as the database has them."""
    found = whole(db, home, version)
    if found is None:
        found = Router({item.signature: item.serves for item in routes.of_version(db, str(version)) if item.active})
    return found


def whole(db: Database, home: Home, version: str | None) -> Router | None:
    """The version's routes and reaches; None where its folder does not have them any more."""
    if version is None:
        return Router()
    known = versions.read(db, version)
    try:
        kept = json.loads((home.root / known.path / "routes.json").read_text(encoding="utf-8"))
        return Router(dict(kept["accepted"]), {name: float(far) for name, far in kept.get("reach", {}).items()})
    except (OSError, ValueError, KeyError, TypeError):
        return None
