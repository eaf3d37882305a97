"""A home made by an earlier version opens, reports, and lives its interrupted night.

`earlier_home.tar.xz` was made by commit d57ba07 with the two nights of tests/daemon/night/test_relearning.py:
the first promoted a route; the second, which learns that pattern again and a new one, was killed as its exam began.
A night's outcome depends on settings that did not exist then: so it begins anew.
"""

from __future__ import annotations

import tarfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from benchmarks.kills.short import CONFIG, exam
from click.testing import CliRunner

from sleepy.daemon.base.home import Home
from sleepy.daemon.cli import cli
from sleepy.daemon.gate.gate import Decision
from sleepy.daemon.night.night import sleep
from sleepy.daemon.report import report, text
from sleepy.daemon.serve import serve
from sleepy.daemon.stages import store
from sleepy.daemon.stages.stages import Consolidated
from sleepy.daemon.tools.equip import equipped
from sleepy.memory.episodic import nights, stages
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.nights import NightState

FIRST, SECOND = date(2026, 11, 24), date(2026, 11, 25)
FIELD = "E0124:field `_` is already declared@struct"
ENUM = "E0107:enum takes # generic arguments but # generic argument was supplied@fn"
DONE = ("collect", "diagnose", "curate", "train", "consolidate")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    with tarfile.open(Path(__file__).with_name("earlier_home.tar.xz")) as packed:
        packed.extractall(tmp_path, filter="data")
    return Home(tmp_path / "home")


def test_what_its_nights_left_is_read_and_told_again(home: Home) -> None:
    with Database.open(home.database) as db:
        first, second = nights.read(db, FIRST), nights.read(db, SECOND)
        assert first is not None and second is not None and second.state is NightState.RUNNING
        made = store.record(db, first.id)
        assert made is not None and made.decided.decision is Decision.PROMOTE
        assert made.decided.routes.accepted == {FIELD: FIELD}
        assert text.markdown(report.compose(report.gather(db, first, made))).startswith("# Night of 2026-11-24")
        assert store.record(db, second.id) is None
        merged = store.read(db, second.id, Consolidated)
        assert merged is not None and list(merged.aside) == [FIELD]


@pytest.mark.parametrize("command", [["status"], ["report", "2026-11-24"], ["versions"], ["why", FIELD]])
def test_every_view_opens_it(home: Home, command: list[str]) -> None:
    done = CliRunner().invoke(cli, [*command, "--home", str(home.root)])
    assert done.exit_code == 0, done.output
    assert "E0124" in done.output or "201d1f4d" in done.output


def test_its_interrupted_night_begins_anew_under_todays_settings_and_keeps_what_serves(home: Home) -> None:
    with equipped(replace(CONFIG, dtype="float32"), home, exam=exam()) as tools:
        before = {item.name: item for item in stages.of_night(tools.db, 2)}
        assert tuple(name for name, item in before.items() if item.artefact is not None) == DONE
        champion = serve.serving(tools)
        night = sleep(tools, SECOND, only=[ENUM])
        after = {item.name: item for item in stages.of_night(tools.db, 2)}
        assert all(after[name].inputs_hash != before[name].inputs_hash for name in DONE)
        made = store.record(tools.db, night.id)
        assert made is not None and made.decided.lost == ()
        proven = [name for name, item in made.examined.held_out.items() if item.earns]
        assert night.decision == ("promote" if proven else "inconclusive"), night.decision_reasons
        served = serve.serving(tools)
        assert served.router.accepted == {FIELD: FIELD, **{name: name for name in proven}}
        assert proven or served.version == champion.version
        assert night.report is not None and (home.root / night.report).exists()
