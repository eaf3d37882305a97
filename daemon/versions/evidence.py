"""What practice says of whoever answers now: attempts under earlier versions count as long as they asked the same.

A version answers what no route of it takes by the bare base, to the bit; so does every version before it that had no
route there either. A promotion for one mistake therefore takes nothing from what is known of the others. Where a
route answers, versions count back to the night that proved it. Never loads torch.
"""

from __future__ import annotations

from sleepy.daemon.home import Home
from sleepy.daemon.versions import fallback, routing
from sleepy.memory.episodic import patterns, routes, versions
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.patterns import Tally
from sleepy.memory.episodic.routes import Route

LOOKED_AT = 30  # versions back; before them the bare base is asked for


def rates(db: Database, home: Home, version: str | None) -> dict[str, Tally]:
    """Signature -> what those coefficients did by themselves that answer it in this version (None: the bare base)."""
    line: list[str | None] = [item.id for item in versions.lineage(db, version)[:LOOKED_AT]]
    now, proved = routing.router(db, home, version), _proofs(db, version)
    out: dict[str, Tally] = {}
    for earlier in [*line, None]:
        then, proved_then = (
            (now, proved) if earlier == version else (routing.whole(db, home, earlier), _proofs(db, earlier))
        )
        if then is None:  # its folder is gone: what its reaches answered cannot be told from what the base did
            continue
        for signature, tally in patterns.rates(db, version=earlier).items():
            served = now.route(signature)
            if served == then.route(signature) and (served is None or proved.get(served) == proved_then.get(served)):
                out[signature] = out[signature] + tally if signature in out else tally
    return dict(sorted(out.items()))


def serving(db: Database, home: Home) -> dict[str, Tally]:
    """The same of the version that serves."""
    return rates(db, home, fallback.serving(db))


def _proofs(db: Database, version: str | None) -> dict[str, Route]:
    """Each pattern's proof in the version."""
    return {} if version is None else {item.serves: item for item in routes.of_version(db, version)}
