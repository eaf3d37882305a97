"""A home made by an earlier version opens, reports, and lives its interrupted night.

`earlier_home.tar.xz` was made by commit d57ba07: a day of 40 koans of mistakes that the novice saw never repaired, and two
nights. The first promoted a route; the second, which learns that pattern again (the champion had failed it again) and a
new one, was killed as its exam began. A night's outcome depends on settings that did not exist then: so it begins anew.
"""

from __future__ import annotations

import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from benchmarks.kills.short import CONFIG, exam
from click.testing import CliRunner

from sleepy.daemon.base.home import Home
from sleepy.daemon.cli import cli
from sleepy.daemon.gate.gate import Decision
from sleepy.daemon.night.night import sleep
from sleepy.daemon.night.train import RULE
from sleepy.daemon.report import report, text
from sleepy.daemon.serve import serve
from sleepy.daemon.serve.serve import Served
from sleepy.daemon.stages import store
from sleepy.daemon.stages.stages import Consolidated
from sleepy.daemon.tools.equip import equipped
from sleepy.daemon.tools.tools import Tools
from sleepy.memory.episodic import nights, routes, stages
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.nights import Night, NightState
from sleepy.memory.episodic.stages import Stage

FIRST, SECOND = date(2026, 11, 24), date(2026, 11, 25)
FIELD = "E0124:field `_` is already declared@struct"
ENUM = "E0107:enum takes # generic arguments but # generic argument was supplied@fn"
DONE = ("collect", "diagnose", "curate", "train", "consolidate")


def unpacked(folder: Path) -> Home:
    with tarfile.open(Path(__file__).with_name("earlier_home.tar.xz")) as packed:
        packed.extractall(folder, filter="data")
    return Home(folder / "home")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return unpacked(tmp_path)


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


@dataclass(frozen=True)
class Lived:
    """The home after its interrupted night was lived under today's settings, and what stood in it before."""

    tools: Tools
    night: Night
    before: Mapping[str, Stage]
    champion: Served


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    home = unpacked(tmp_path_factory.mktemp("lived"))
    with equipped(replace(CONFIG, dtype="float32", threads="1"), home, exam=exam()) as tools:
        before = {item.name: item for item in stages.of_night(tools.db, 2)}
        champion = serve.serving(tools)
        yield Lived(tools, sleep(tools, SECOND, only=[FIELD, ENUM]), before, champion)


def test_its_interrupted_night_begins_anew_under_todays_settings_and_keeps_what_serves(lived: Lived) -> None:
    before, tools = lived.before, lived.tools
    assert tuple(name for name, item in before.items() if item.artefact is not None) == DONE
    after = {item.name: item for item in stages.of_night(tools.db, 2)}
    assert all(after[name].inputs_hash != before[name].inputs_hash for name in DONE)
    made = store.record(tools.db, lived.night.id)
    assert made is not None and made.decided.lost == ()
    assert lived.champion.router.accepted == {FIELD: FIELD}
    assert lived.night.report is not None and (tools.home.root / lived.night.report).exists()


def test_a_night_that_learns_a_serving_pattern_no_better_keeps_it_and_promotes_the_others(lived: Lived) -> None:
    tools, champion = lived.tools, lived.champion
    made = store.record(tools.db, lived.night.id)
    assert made is not None and set(made.curated.patterns) == {FIELD, ENUM}
    assert not made.examined.held_out[FIELD].earns and made.examined.held_out[ENUM].earns
    assert lived.night.decision == "promote", lived.night.decision_reasons
    served = serve.serving(tools)
    assert served.router.accepted == {FIELD: FIELD, ENUM: ENUM}
    assert served.subspace is not None and champion.subspace is not None
    moved = whole = 0.0
    for layer, kept in served.subspace.reconstruct(FIELD).factors.items():
        was = champion.subspace.reconstruct(FIELD).factors[layer]
        moved += float((kept.b @ kept.a - was.b @ was.a).square().sum())
        whole += float((was.b @ was.a).square().sum())
    assert (moved / whole) ** 0.5 <= 2 * RULE.tau  # what two merges may do to a pattern: both were learnt tonight
    now, then = (
        next(item for item in routes.of_version(tools.db, version) if item.signature == FIELD)
        for version in (str(served.version), str(champion.version))
    )
    assert now == then  # the proof is still that of its own night
