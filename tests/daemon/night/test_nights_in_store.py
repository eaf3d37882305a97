"""Two homes, one database, one store: the one sleeps a night that promotes, the other answers with it and sleeps the next."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from tests import s3
from tests.daemon.night.test_night import CONFIG, NIGHT, small_exam
from tests.postgresql import Server

from sleepy.daemon.base.home import Home
from sleepy.daemon.day import shelf
from sleepy.daemon.day.day import practise
from sleepy.daemon.night.night import sleep
from sleepy.daemon.serve import serve
from sleepy.daemon.stages.stages import STAGES
from sleepy.daemon.storage.store import Store
from sleepy.daemon.tools.equip import equipped
from sleepy.koans.forge.mistakes import BY_NAME
from sleepy.memory.episodic import candidates, nights, routes, stages, versions
from sleepy.memory.episodic.nights import NightState

pytestmark = pytest.mark.slow


class Killed(BaseException):
    """What ends a night in its middle."""


@pytest.fixture
def homes(server: Server, tmp_path: Path) -> Iterator[tuple[Home, Home]]:
    name = f"t{uuid4().hex}"
    server.command(f"CREATE DATABASE {name}")
    with s3.running() as bucket:
        bucket.bucket("team")
        url = bucket.url("team/sleepy")
        yield Home(tmp_path / "one", server.address(name), url), Home(tmp_path / "two", server.address(name), url)
    server.command(f"DROP DATABASE {name} WITH (FORCE)")


def test_what_one_home_promotes_the_other_answers_with_and_sleeps_on(homes: tuple[Home, Home]) -> None:
    one, two = homes
    exam = small_exam()
    mistakes = [BY_NAME["repeated_item"], BY_NAME["misspelt"]]
    with equipped(CONFIG, one, exam=exam) as tools:
        koans = shelf.practice(tools.judge, 7, 36, exam=tools.exam, mistakes=mistakes)
        practise(tools, serve.serving(tools), koans)

        def dies(what: str, done: int, total: int) -> None:
            if what == "consolidate":
                raise Killed

        with pytest.raises(Killed):  # after its training
            sleep(replace(tools, say=dies), NIGHT)
    trained: list[str] = []

    def say(what: str, done: int, total: int) -> None:
        trained.append(what)

    with equipped(CONFIG, two, exam=exam, say=say) as tools:  # goes on with what the first trained
        night = sleep(tools, NIGHT)
        assert night.decision == "promote", night.decision_reasons
        assert [item.name for item in stages.of_night(tools.db, night.id)] == list(STAGES)
        assert not [what for what in trained if what.startswith(("curate", "train"))]
        champion = versions.champion(tools.db)
    assert champion is not None and not (one.versions / champion).exists()
    assert Store(two.storage).has(f"versions/{champion}")
    shutil.rmtree(two.root)  # its machine is gone, with its disk
    with equipped(CONFIG, one, exam=exam) as tools:
        served = serve.serving(tools)
        assert served.version == champion and served.fallback == "" and served.router.accepted
        koans = shelf.practice(tools.judge, 8, 24, exam=tools.exam, mistakes=[*mistakes, BY_NAME["missing_field"]])
        assert practise(tools, served, koans).attempted == len(koans)
        tried = candidates.open_of_all(tools.db)
        following = sleep(tools, NIGHT + timedelta(days=1))
        assert following.state is NightState.DONE
        assert all(candidates.read(tools.db, item.number).state != "dropped" for item in tried)
        last = versions.champion(tools.db)
        assert last is not None and routes.of_version(tools.db, last)
        found = nights.recent(tools.db)
    assert [item.date for item in found] == [NIGHT + timedelta(days=1), NIGHT]
