"""A real SQLite file and, where the programs are there, a real PostgreSQL server of our own."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from tests.postgresql import Server

from sleepy.memory.episodic.database import Database

NOW = datetime(2031, 3, 4, 5, 6, 7, 89, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that another user can reach, unlike pytest's."""
    folder = Path(tempfile.mkdtemp(prefix="sleepy-"))
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def template(server: Server) -> str:
    """A PostgreSQL database at the newest revision, to be copied: migrating one a test takes a second."""
    server.command("CREATE DATABASE template_sleepy")
    Database.open(server.address("template_sleepy")).close()
    return "template_sleepy"


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The path or URL of a database: still empty, unless the test also asks for `db`."""
    ready = "db" in request.fixturenames
    if request.param == "sqlite":
        if ready:
            shutil.copyfile(request.getfixturevalue("blank"), tmp_path / "sleepy.db")
        yield str(tmp_path / "sleepy.db")
        return
    found: Server = request.getfixturevalue("server")
    template = request.getfixturevalue("template") if ready else "template0"
    name = f"t{uuid4().hex}"
    found.command(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield found.address(name)
    found.command(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def db(where: str) -> Iterator[Database]:
    """A fresh database, on SQLite and on PostgreSQL in turn."""
    with Database.open(where) as database:
        yield database


@pytest.fixture
def sqlite_db(tmp_path: Path, blank: Path) -> Iterator[Database]:
    """A fresh SQLite database at sleepy.db in the test's folder."""
    shutil.copyfile(blank, tmp_path / "sleepy.db")
    with Database.open(tmp_path / "sleepy.db") as database:
        yield database
