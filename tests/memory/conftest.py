"""A real SQLite file and, where the programs are there, a real PostgreSQL server of our own."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

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
def server() -> Iterator[str]:
    """A PostgreSQL server in a folder of its own, reached by a socket in it; yields the socket's folder."""
    programs = _programs()
    if programs is None:
        pytest.skip("no PostgreSQL here: neither initdb on PATH nor in /usr/lib/postgresql")
    if shutil.which("setpriv") is None:
        pytest.skip("no setpriv: the server could outlive us, and root may not run it")
    folder = Path(tempfile.mkdtemp(prefix="sleepy-pg-"))
    as_whom = ["setpriv", "--pdeathsig=INT"]  # it dies with us
    user = _ordinary_user()
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)
        as_whom += [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    data, log = folder / "data", folder / "log"
    process = None
    try:
        made = subprocess.run(
            [*as_whom, programs / "initdb", "-D", data, "-U", "sleepy", "--auth=trust", "-E", "UTF8", "-N"],
            capture_output=True,
            text=True,
            cwd=folder,
        )
        assert made.returncode == 0, made.stderr
        with log.open("w") as out:
            process = subprocess.Popen(
                [*as_whom, programs / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses=", "-F"],
                stdout=out,
                stderr=out,
                cwd=folder,
            )
        engine = create_engine(address(str(folder), "postgres"))
        for _ in range(300):
            assert process.poll() is None, log.read_text()
            try:
                engine.connect().close()
                break
            except OperationalError:  # it is still starting
                time.sleep(0.1)
        else:
            pytest.fail(f"PostgreSQL does not answer: {log.read_text()}")
        engine.dispose()
        yield str(folder)
    finally:
        if process is not None:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def template(server: str) -> str:
    """A PostgreSQL database at the newest revision, to be copied: migrating one a test takes a second."""
    _command(server, "CREATE DATABASE template_sleepy")
    Database.open(address(server, "template_sleepy")).close()
    return "template_sleepy"


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The path or URL of a database: still empty, unless the test also asks for `db`."""
    if request.param == "sqlite":
        yield str(tmp_path / "sleepy.db")
        return
    folder = request.getfixturevalue("server")
    ready = "db" in request.fixturenames
    template = request.getfixturevalue("template") if ready else "template0"
    name = f"t{uuid4().hex}"
    _command(folder, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield address(folder, name)
    _command(folder, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def db(where: str) -> Iterator[Database]:
    """A fresh database, on SQLite and on PostgreSQL in turn."""
    with Database.open(where) as database:
        yield database


@pytest.fixture
def sqlite_db(tmp_path: Path) -> Iterator[Database]:
    """A fresh SQLite database at sleepy.db in the test's folder."""
    with Database.open(tmp_path / "sleepy.db") as database:
        yield database


def address(folder: str, database: str) -> str:
    return f"postgresql+psycopg://sleepy@/{database}?host={folder}"


def _command(folder: str, command: str) -> None:
    engine = create_engine(address(folder, "postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(command))
    engine.dispose()


def _programs() -> Path | None:
    found = shutil.which("initdb")
    places = [Path(found).parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return next((place for place in reversed(places) if (place / "postgres").exists()), None)


def _ordinary_user() -> pwd.struct_passwd | None:
    """Whom to run the server as; None: ourselves."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    pytest.skip("PostgreSQL does not run as root, and there is neither a user postgres nor nobody")
