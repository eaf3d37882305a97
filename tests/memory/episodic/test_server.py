"""A database on a server: what homes share and what not, one night at a time, and a server that goes away."""

from __future__ import annotations

import signal
import socket
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text
from tests.postgresql import Server

from sleepy.memory.episodic import episodes, patterns, state
from sleepy.memory.episodic import server as servers
from sleepy.memory.episodic.database import Database, DatabaseAway, DatabaseError, DatabaseMissing
from sleepy.memory.episodic.episodes import Episode, LoggedAttempt
from sleepy.memory.episodic.night_lock import NightLock, holder
from sleepy.memory.episodic.shared import Shared, masked
from sleepy.memory.episodic.tables import tasks
from sleepy.memory.episodic.tasks import Task

OWN = frozenset(["pause", "crate:"])


@pytest.fixture
def name(server: Server, template: str) -> Iterator[str]:
    made = f"t{uuid4().hex}"
    server.command(f"CREATE DATABASE {made} TEMPLATE {template}")
    yield made
    server.command(f"DROP DATABASE {made} WITH (FORCE)")


@pytest.fixture
def url(server: Server, name: str) -> str:
    return server.address(name)


def small(name: str) -> Episode:
    return Episode(Task(name, name, "fn main() { x }"), "E0425:x@fn", (LoggedAttempt("PASS", True),), "built-in")


def written(db: Database) -> tuple[int, int]:
    """Tasks, and episodes as the counts have them."""
    with db.reading() as connection:
        kept = connection.execute(select(func.count()).select_from(tasks)).scalar_one()
    return int(kept), sum(item.episodes for item in patterns.overview(db, limit=9))


class Cut:
    """Stands between us and the server, and breaks the next connection that commits.

    Before the server hears of it, or after that but before its answer comes to us.
    """

    def __init__(self, server: Server, folder: Path, *, heard: bool) -> None:
        self._server, self._heard, self._cut = str(server.folder / ".s.PGSQL.5432"), heard, False
        self._ends: list[socket.socket] = []
        self._deaf: socket.socket | None = None
        self._answered = threading.Event()
        self._ear = socket.socket(socket.AF_UNIX)
        self._ear.bind(str(folder / ".s.PGSQL.5432"))
        self._ear.listen()
        threading.Thread(target=self._listen, daemon=True).start()

    def arm(self) -> None:
        self._cut = True

    def close(self) -> None:
        for end in (self._ear, *self._ends):
            end.close()

    def _listen(self) -> None:
        while True:
            try:
                ours, _ = self._ear.accept()
            except OSError:
                return
            theirs = socket.socket(socket.AF_UNIX)
            theirs.connect(self._server)
            self._ends += [ours, theirs]
            threading.Thread(target=self._forth, args=(ours, theirs), daemon=True).start()
            threading.Thread(target=self._back, args=(theirs, ours), daemon=True).start()

    def _forth(self, ours: socket.socket, theirs: socket.socket) -> None:
        with suppress(OSError):  # one end or the other is closed
            self._pass_on(ours, theirs)
            theirs.shutdown(socket.SHUT_RDWR)

    def _pass_on(self, ours: socket.socket, theirs: socket.socket) -> None:
        while data := _received(ours):
            if self._cut and b"\x0bCOMMIT\x00" in data:  # not `BEGIN ISOLATION LEVEL READ COMMITTED`
                self._cut = False
                if self._heard:
                    self._deaf = ours  # what comes back is not passed on
                    theirs.sendall(data)
                    self._answered.wait(10)
                ours.shutdown(socket.SHUT_RDWR)
                raise ConnectionAbortedError  # the server is not told: it believes that we are still there
            theirs.sendall(data)

    def _back(self, theirs: socket.socket, ours: socket.socket) -> None:
        while data := _received(theirs):
            if self._deaf is ours:
                self._answered.set()
                return
            try:
                ours.sendall(data)
            except OSError:
                return


def _received(end: socket.socket) -> bytes:
    try:
        return end.recv(65536)
    except OSError:
        return b""


@pytest.mark.parametrize("heard", [True, False])
def test_a_commit_whose_answer_is_lost_is_written_once(
    server: Server, name: str, open_folder: Path, heard: bool, now: datetime
) -> None:
    """The server says what became of it: kept is kept, and what was not is written again."""
    waited: list[str] = []
    with (
        closing(Cut(server, open_folder, heard=heard)) as cut,
        Database.open(f"postgresql://sleepy@/{name}?host={open_folder}") as db,
    ):
        episodes.record(db, small("a"), now=now)
        cut.arm()
        with db.patient(lambda away: waited.append(str(away))):
            second = episodes.record(db, small("b"), now=now)
        assert written(db) == (2, 2) and len(waited) == (0 if heard else 1)
        found = episodes.read(db, second)
        assert found is not None and found.episode.task.name == "b"
        if not heard:
            cut.arm()
            with pytest.raises(DatabaseAway):  # without patience it is told: nothing was kept
                episodes.record(db, small("c"), now=now)
            assert written(db) == (2, 2)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT])
def test_an_episode_waits_for_a_server_that_stopped(
    server: Server, url: str, how: signal.Signals, now: datetime
) -> None:
    """Stopped between two episodes, and within the second's transaction: as an administrator does it, and as a crash."""
    waited: list[DatabaseAway] = []

    def wait(away: DatabaseAway) -> None:
        waited.append(away)
        if len(waited) % 2 == 0:
            server.start()

    with Database.open(url) as db:
        episodes.record(db, small("a"), now=now)
        server.stop(how)
        try:
            with pytest.raises(DatabaseAway) as caught:  # who is not patient hears of it
                episodes.record(db, small("b"), now=now)
            assert "remedy" not in str(caught.value) and "server runs" in caught.value.remedy
            with db.patient(wait):
                episodes.record(db, small("b"), now=now)
                assert written(db) == (2, 2) and len(waited) == 2
                stopped: list[int] = []

                def within() -> None:
                    with db.writing():
                        if not stopped:
                            stopped.append(1)
                            server.stop(how)
                        episodes.record(db, small("c"), now=now)

                db.again(within)
            assert written(db) == (3, 3)
        finally:
            server.stop()
            server.start()


def test_homes_share_a_database_and_keep_some_state_for_themselves(url: str, now: datetime) -> None:
    with Database.open(Shared(url, "a:/x", OWN)) as one, Database.open(Shared(url, "b:/x", OWN)) as two:
        state.put(one, "pause", 1, now=now)
        state.put(one, "crate:/p", 2, now=now)
        state.put(one, "recipes", 3, now=now)
        assert set(state.everything(one)) == {"pause", "crate:/p", "recipes"}
        assert set(state.everything(two)) == {"recipes"}
        state.put(two, "pause", 4, now=now)
        state.drop(two, "crate:/p")
        assert [entry.value for entry in state.everything(one).values()] == [2, 1, 3]
        state.drop(two, "recipes")
        assert state.get(one, "recipes") is None


def test_one_sleeps_at_a_time_and_a_lost_connection_is_noticed(server: Server, url: str) -> None:
    with Database.open(url) as one, Database.open(url) as two:
        ours, theirs = NightLock(one, "one"), NightLock(two, "two")
        assert (
            holder(two) is None
            and ours.hold()
            and ours.hold()
            and not theirs.hold()
            and (holder(two) or "").endswith(": one")
        )
        ours.release()
        assert theirs.hold() and (holder(one) or "").endswith(": two") and not ours.hold()
        with one.writing() as connection:
            connection.execute(
                text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE '%: two'")
            )
        _until(lambda: holder(one) is None)
        assert theirs.hold() and (holder(one) or "").endswith(": two")
        two.close()
        theirs.release()


def _until(true: Callable[[], bool]) -> None:
    while not true():
        threading.Event().wait(0.02)


def test_what_the_server_says_of_itself(server: Server, url: str) -> None:
    with Database.open(url, read_only=True) as db:
        found = servers.look(db)
    assert int(found.version.split(".")[0]) >= 10 and found.size > 2**20 and 0 < found.seconds < 5
    assert found.denied == ()


def test_a_user_who_may_only_read_is_found(server: Server, url: str, name: str) -> None:
    server.command("CREATE ROLE reader LOGIN")
    try:
        server.command("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader", name)
        with Database.open(url.replace("sleepy@", "reader@"), read_only=True) as db:
            assert "episodes" in servers.look(db).denied
    finally:
        server.command("DROP OWNED BY reader", name)
        server.command("DROP ROLE reader")


def test_an_empty_shared_database_is_missing_rather_than_wrong(server: Server, name: str) -> None:
    empty = f"{name}_empty"
    server.command(f"CREATE DATABASE {empty}")
    try:
        with pytest.raises(DatabaseMissing):
            Database.open(Shared(server.address(empty), "a:/x"), read_only=True)
    finally:
        server.command(f"DROP DATABASE {empty}")


def test_the_password_comes_from_a_file_and_is_never_shown(server: Server, name: str, tmp_path: Path) -> None:
    rules = server.folder / "data" / "pg_hba.conf"
    before = rules.read_text()
    rules.write_text(f"local all guarded scram-sha-256\n{before}")
    server.command("CREATE ROLE guarded LOGIN PASSWORD 's3cret!'")
    server.command(f"ALTER DATABASE {name} OWNER TO guarded")
    server.command("GRANT ALL ON ALL TABLES IN SCHEMA public TO guarded", name)
    server.command("SELECT pg_reload_conf()")
    try:
        url = server.address(name).replace("sleepy@", "guarded@")
        with pytest.raises(DatabaseError, match="password"):
            Database.open(url, read_only=True)
        with pytest.raises(DatabaseError, match="authentication failed") as caught:
            Database.open(url.replace("guarded@", "guarded:s3cret@"), read_only=True)
        assert "s3cret" not in str(caught.value)
        passes = tmp_path / "pgpass"
        passes.write_text("*:*:*:guarded:s3cret!\n")
        passes.chmod(stat.S_IRUSR | stat.S_IWUSR)
        for right in (
            f"{url}&passfile={passes}",
            url.replace("guarded@", "guarded:s3cret!@"),
            f"{url}&password=s3cret!",
        ):
            with Database.open(right, read_only=True) as db:
                assert "s3cret" not in db.where
    finally:
        rules.write_text(before)
        server.command("SELECT pg_reload_conf()")
        server.command("REASSIGN OWNED BY guarded TO sleepy", name)
        server.command("DROP OWNED BY guarded", name)
        server.command("DROP ROLE guarded")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://u:p@h/d", "postgresql://u:***@h/d"),
        ("postgresql://u:p@ss/w@h/d", "postgresql://u:***@h/d"),
        ("postgresql://u@h/d?password=p&sslmode=require", "postgresql://u@h/d?password=***&sslmode=require"),
        ("postgresql://u@h:5432/d", "postgresql://u@h:5432/d"),
        ("postgresql://[::1]:5432/d", "postgresql://[::1]:5432/d"),
        ("postgresql://u:secret/d", "postgresql://u:***/d"),  # the `@host` was forgotten
        ("u:p@h", "***"),
    ],
)
def test_a_url_is_shown_without_its_password(url: str, shown: str) -> None:
    assert masked(url) == shown
    assert url not in repr(Shared(url, "a:/x"))


def test_an_at_sign_in_a_password_is_no_part_of_a_host() -> None:
    with pytest.raises(DatabaseError, match="more than one @") as caught:
        Database.open("postgresql://u:pass@word@nowhere/d")
    assert "word" not in str(caught.value) and "%40" in caught.value.remedy
