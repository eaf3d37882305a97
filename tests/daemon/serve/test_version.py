"""A version at rest: its routes come from the database, are part of its name, and an earlier version's from its file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import torch

from sleepy.daemon.base.home import Home
from sleepy.daemon.serve import serve, version
from sleepy.daemon.serve.version import Damaged
from sleepy.memory.episodic import routes, versions
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.routes import Route
from sleepy.memory.parametric.adapter import Adapter, Factors
from sleepy.memory.parametric.router import Router
from sleepy.memory.parametric.subspace import Subspace

NOW = datetime(2031, 3, 4, tzinfo=UTC)
ONE, OTHER = "E0308:expected `_`, found `_`@fn", "E0382:use of moved value@fn"
ROUTER = Router({ONE: ONE, OTHER: ONE}, {ONE: 0.1 + 0.2})  # a radius that no short decimal is
PROOF = Route(ONE, ONE, 9, 1, 40, 0.01, True)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").make()


@pytest.fixture
def db(home: Home) -> Iterator[Database]:
    with Database.open(home.database) as opened:
        yield opened


@pytest.fixture
def subspace() -> Subspace:
    torch.manual_seed(0)
    return Subspace.found({ONE: Adapter({"w": Factors(torch.randn(6, 2), torch.randn(2, 5))})})[0]


def put(db: Database, home: Home, subspace: Subspace, router: Router) -> str:
    made, path, files = serve.write(home, subspace, router, base="m")
    versions.register(
        db, made, path=str(path), files=files, parent=None, night=None, routes=serve.rows(router, [PROOF]), note="m",
        now=NOW,
    )  # fmt: skip
    return made


def earlier(db: Database, home: Home, subspace: Subspace, router: Router) -> str:
    """A version as versions before wrote it: its routes in its folder, their radii there alone."""
    folder = home.versions / "earlier"
    subspace.save(folder)
    said = {"base": "m", "accepted": dict(router.accepted), "reach": dict(router.reach)}
    (folder / "routes.json").write_text(json.dumps(said))
    files = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
    rows = [replace(item, radius=None) for item in serve.rows(router, [PROOF])]
    versions.register(
        db, "earlier", path="versions/earlier", files=files, parent=None, night=None, routes=rows, note="m", now=NOW
    )
    return "earlier"


def test_routes_and_radii_come_from_the_database_and_files_hold_tensors(
    db: Database, home: Home, subspace: Subspace
) -> None:
    made = put(db, home, subspace, ROUTER)
    served = serve.load(db, home, made, base="m")
    assert served.router == ROUTER and served.version == made
    assert {path.name for path in (home.versions / made).iterdir()} >= {"subspace.json"}
    assert not (home.versions / made / "routes.json").exists()
    assert routes.of_version(db, made) == [
        replace(PROOF, radius=ROUTER.reach[ONE]), Route(OTHER, ONE, 0, 0, 0, 1.0, True, ROUTER.reach[ONE]),
    ]  # fmt: skip


def test_the_same_tensors_with_other_routes_are_another_version(db: Database, home: Home, subspace: Subspace) -> None:
    every = (ROUTER, Router({ONE: ONE}), Router({ONE: ONE}, {ONE: 0.2}), Router({ONE: ONE}, {ONE: 0.25}))
    made = [put(db, home, subspace, router) for router in every]
    assert len(set(made)) == 4
    assert [serve.load(db, home, item, base="m").router for item in made] == list(every)
    assert put(db, home, subspace, ROUTER) == made[0]


def test_routes_that_were_changed_are_damage(db: Database, home: Home, subspace: Subspace) -> None:
    made = put(db, home, subspace, ROUTER)
    rows = routes.of_version(db, made)
    for changed in (rows[:1], [replace(item, radius=0.5) for item in rows], [replace(rows[0], active=False), rows[1]]):
        routes.write(db, made, changed, now=NOW)
        with pytest.raises(Damaged, match="its routes in the database"):
            serve.load(db, home, made, base="m")
    routes.write(db, made, rows, now=NOW)
    assert serve.load(db, home, made, base="m").router == ROUTER


def test_an_earlier_version_serves_what_its_file_says(db: Database, home: Home, subspace: Subspace) -> None:
    made = earlier(db, home, subspace, ROUTER)
    assert serve.load(db, home, made, base="m").router == ROUTER
    (home.versions / made / "routes.json").write_text("{}")
    with pytest.raises(Damaged, match=r"routes\.json is not the file that was promoted"):
        serve.load(db, home, made, base="m")
    with pytest.raises(Damaged):
        version.router(db, home, made)
