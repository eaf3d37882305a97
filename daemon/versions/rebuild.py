"""Rebuilds a version without some patterns: the subspace and the routes of those that stay."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sleepy.daemon.base.home import Home
from sleepy.daemon.serve import serve
from sleepy.daemon.versions.unfinished import Rebuilt
from sleepy.memory.episodic import routes, versions
from sleepy.memory.episodic.database import Database
from sleepy.memory.parametric.rule import MergeRejected
from sleepy.memory.parametric.subspace import rebuilt


def without(db: Database, home: Home, version: str, left_out: Collection[str], *, now: datetime) -> Rebuilt:
    """Writes and registers the version without these patterns, as a child of the old one; moves no alias.

    The base model takes its place if no route is left, or if the old version cannot be read or rebuilt.
    """
    try:
        subspace, router, base = serve.read(db, home, version)
    except serve.Damaged as error:
        return Rebuilt(None, version, reason=str(error))
    kept = router.only(scope for scope, served in router.accepted.items() if not {scope, served} & set(left_out))
    serving = set(kept.accepted.values())
    if not serving:
        return Rebuilt(None, version, reason="no route is left")
    try:
        subspace, certificate = rebuilt(subspace, [name for name in subspace.patterns if name not in serving])
    except MergeRejected as error:
        return Rebuilt(None, version, reason=str(error))
    made, path, files = serve.write(home, subspace, kept, base=base)
    versions.register(
        db, made, path=str(path), files=files, parent=version, night=None,
        routes=serve.rows(kept, routes.of_version(db, version)), note=base, now=now,
    )  # fmt: skip
    return Rebuilt(made, version, len(serving), round(max(certificate.damage.values()), 9))
