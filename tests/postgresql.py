"""A real PostgreSQL server of our own, in a folder of its own and reached by a socket in it. It dies with us."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError


class Server:
    """A server that can be stopped and started again. `folder` holds its socket."""

    def __init__(self, folder: Path, programs: Path, as_whom: list[str]) -> None:
        self.folder = folder
        self._programs, self._as_whom = programs, as_whom
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it and waits until it answers."""
        log = self.folder / "log"
        command: list[str | Path] = [
            *self._as_whom, self._programs / "postgres", "-D", self.folder / "data", "-k", self.folder,
            "-c", "listen_addresses=", "-F",
        ]  # fmt: skip
        with log.open("ab") as out:
            self._process = subprocess.Popen(command, stdout=out, stderr=out, cwd=self.folder)
        engine = create_engine(self.address("postgres"))
        for _ in range(300):
            assert self._process.poll() is None, log.read_text()
            try:
                engine.connect().close()
                break
            except OperationalError:  # it is still starting
                time.sleep(0.1)
        else:
            pytest.fail(f"PostgreSQL does not answer: {log.read_text()}")
        engine.dispose()

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Ends it: by SIGINT it cuts its connections, by SIGQUIT it ends at once, as in a crash."""
        if self._process is not None:
            self._process.send_signal(how)
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._process = None

    def address(self, database: str) -> str:
        return f"postgresql+psycopg://sleepy@/{database}?host={self.folder}"

    def command(self, command: str, database: str = "postgres") -> None:
        engine = create_engine(self.address(database), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(command))
        engine.dispose()


@contextmanager
def running() -> Iterator[Server]:
    """A fresh server, within; skips the test where there are no programs for one."""
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
    server = Server(folder, programs, as_whom)
    try:
        made = subprocess.run(
            [*as_whom, programs / "initdb", "-D", folder / "data", "-U", "sleepy", "--auth=trust", "-E", "UTF8", "-N"],
            capture_output=True,
            text=True,
            cwd=folder,
        )
        assert made.returncode == 0, made.stderr
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


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
