"""A version's routes, read without its weights. Never loads torch."""

from __future__ import annotations

from sleepy.daemon.base.home import Home
from sleepy.daemon.serve import fallback
from sleepy.daemon.serve import version as at_rest
from sleepy.daemon.serve.version import Damaged
from sleepy.memory.episodic import patterns, routes, versions
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.patterns import Tally
from sleepy.memory.episodic.routes import Route
from sleepy.memory.parametric.router import Router


def router(db: Database, home: Home, version: str | None) -> Router:
    """The version's routes; without their radii where an earlier version's folder is gone."""
    found = stored_routes(db, home, version)
    if found is None:
        active = [item for item in routes.of_version(db, str(version)) if item.active]
        found = Router(
            {item.signature: item.serves for item in active},
            {},
            {item.signature: item.withdrawn for item in active if item.withdrawn},
        )
    return found


def stored_routes(db: Database, home: Home, version: str | None) -> Router | None:
    """The version's routes and radii; None where they are not whole any more."""
    if version is None:
        return Router()
    try:
        at_rest.check_routes(db, home, version)
        return at_rest.router(db, home, version)
    except Damaged:
        return None


LOOKED_AT = 30  # versions back; before them the base model is asked for


def rates(db: Database, home: Home, version: str | None) -> dict[str, Tally]:
    """Signature -> what those coefficients did by themselves that answer it in this version (None: the base model)."""
    line: list[str | None] = [item.id for item in versions.lineage(db, version)[:LOOKED_AT]]
    now, proved = router(db, home, version), _proofs(db, version)
    out: dict[str, Tally] = {}
    for earlier in [*line, None]:
        then, proved_then = (
            (now, proved) if earlier == version else (stored_routes(db, home, earlier), _proofs(db, earlier))
        )
        if then is None:  # what its lost routes answered cannot be told from what the base did
            continue
        for signature, tally in patterns.rates(db, version=earlier).items():
            served = now.route(signature)
            if served == then.route(signature) and (served is None or proved.get(served) == proved_then.get(served)):
                out[signature] = out[signature] + tally if signature in out else tally
    return dict(sorted(out.items()))


def serving_rates(db: Database, home: Home) -> dict[str, Tally]:
    """The same of the version that serves."""
    return rates(db, home, fallback.serving_version(db))


def _proofs(db: Database, version: str | None) -> dict[str, Route]:
    """Each pattern's proof in the version; how far it reaches is none."""
    return {} if version is None else {item.serves: item.proof for item in routes.of_version(db, version)}
