"""Whose night it is, where several homes share a database: a real server, two homes."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from datetime import date as Date
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text
from tests.postgresql import Server

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home
from sleepy.daemon.night.claim import Elsewhere, claimed, elsewhere
from sleepy.daemon.versions.unfinished import opened
from sleepy.memory.episodic import nights, stages, versions
from sleepy.memory.episodic.database import Database

NOW = datetime(2031, 3, 4, 5, tzinfo=UTC)
TONIGHT = Date(2031, 3, 4)
Life = tuple[Home, Database]


def now() -> datetime:
    return NOW


@pytest.fixture
def homes(server: Server, tmp_path: Path) -> Iterator[tuple[Life, Life]]:
    name = f"t{uuid4().hex}"
    server.command(f"CREATE DATABASE {name}")
    places = [Home(tmp_path / which, server.address(name)).make() for which in ("one", "two")]
    with Database.open(places[0].database) as one, Database.open(places[1].database) as two:
        yield (places[0], one), (places[1], two)
    server.command(f"DROP DATABASE {name} WITH (FORCE)")


def begun(db: Database) -> int:
    """A night of which a stage is done."""
    night = nights.begin(db, TONIGHT, seed=1, now=NOW).id
    stages.start(db, night, "collect", ordinal=0, inputs_hash="0" * 64, now=NOW)
    stages.finish(db, night, "collect", {}, now=NOW)
    return night


def test_a_home_alone_with_its_file_needs_no_claim(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with Database.open(home.database) as db, claimed(db, home, TONIGHT, now) as claim:
        claim.begin()
        claim.check()
        claim.confirm()
        assert elsewhere(db, home) is None and not (home.nights / TONIGHT.isoformat()).exists()


def test_the_second_is_told_who_sleeps_and_begins_anew_what_lies_elsewhere(homes: tuple[Life, Life]) -> None:
    (one, first), (two, second) = homes
    assert elsewhere(second, two) is None
    with claimed(first, one, TONIGHT, now) as claim:
        assert str(elsewhere(second, two)).endswith(f"(process {os.getpid()}): a night")
        claim.begin()
        night = begun(first)
        who = f"{platform.node()} (process {os.getpid()}) sleeps the night of {TONIGHT}, in {one.root}"
        assert elsewhere(second, two) == who
        with pytest.raises(Elsewhere, match="sleeps the night of") as caught, claimed(second, two, TONIGHT, now):
            pass
        assert str(caught.value) == who
        claim.check()
        with pytest.raises(UserError, match=r"in use by .*: a night"), opened(two):  # `gc`, `rollback`, `forget`
            pass
    assert elsewhere(second, two) is None
    with opened(two):
        assert str(elsewhere(first, one)).endswith(": versions")
    with claimed(first, one, TONIGHT, now) as claim:  # its own files are still there: it goes on
        claim.begin()
        assert [item.name for item in stages.of_night(first, night)] == ["collect"]
    with claimed(second, two, TONIGHT, now) as claim:
        claim.begin()
        assert stages.of_night(second, night) == []  # they spoke of files in the other home
    (one.nights / TONIGHT.isoformat() / "adapters").mkdir()
    with claimed(first, one, TONIGHT, now) as claim:
        claim.begin()
        assert not (one.nights / TONIGHT.isoformat() / "adapters").exists()  # of a night that was begun anew since


def test_homes_that_share_the_nights_folder_go_on_with_each_others(homes: tuple[Life, Life]) -> None:
    (one, first), (two, second) = homes
    two.nights.rmdir()
    two.nights.symlink_to(one.nights)
    with claimed(first, one, TONIGHT, now) as claim:
        claim.begin()
        night = begun(first)
    with claimed(second, two, TONIGHT, now) as claim:
        claim.begin()
        assert [item.name for item in stages.of_night(second, night)] == ["collect"]
    with claimed(second, two, Date(2031, 3, 5), now) as claim:  # another night in between
        claim.begin()
    with claimed(first, one, TONIGHT, now) as claim:
        claim.begin()
        assert [item.name for item in stages.of_night(first, night)] == ["collect"]


def test_whoever_lost_the_night_without_noticing_is_stopped(homes: tuple[Life, Life]) -> None:
    (one, first), (two, second) = homes
    with claimed(first, one, TONIGHT, now) as claim:
        claim.begin()
        ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE '%: a night'"
        with ExitStack() as stack:
            taken = None
            while taken is None:  # until we are faster than its keeper
                with second.writing() as connection:
                    connection.execute(text(ended))
                with suppress(Elsewhere):
                    taken = stack.enter_context(claimed(second, two, TONIGHT, now))
            taken.begin()
            with pytest.raises(Elsewhere, match=str(two.root)):
                claim.check()
            with pytest.raises(Elsewhere), first.writing():  # as the transaction that promotes does
                claim.confirm()
            taken.confirm()


def test_a_night_is_left_to_the_home_that_has_what_serves(homes: tuple[Life, Life]) -> None:
    (one, first), (two, second) = homes
    with claimed(first, one, TONIGHT, now) as claim:
        claim.begin()
        (one.versions / "v1").mkdir()
        versions.register(first, "v1", path="versions/v1", files={}, parent=None, night=None, routes=[], now=NOW)
        versions.promote(first, "v1", night=nights.begin(first, TONIGHT, seed=1, now=NOW).id, reasons=[], now=NOW)
    assert elsewhere(first, one) is None
    assert elsewhere(second, two) == f"versions/v1 is not in this home but in {one.root} of {platform.node()}"
    tomorrow = Date(2031, 3, 5)
    with claimed(second, two, tomorrow, now) as claim:
        with pytest.raises(Elsewhere, match="versions/v1"):
            claim.begin()
        assert nights.read(second, tomorrow) is None
        claim.begin(lost=True)
    assert elsewhere(second, two) is None  # what is not here is nowhere
    two.versions.rmdir()
    two.versions.symlink_to(one.versions)
    assert elsewhere(first, one) is None
