"""`sleepy forget`: what is forgotten is nowhere in the home, and nothing that learnt from it serves, kill or no kill."""

from __future__ import annotations

import json
import os
import shutil
import signal
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.daemon.remembered import BOUND, FIELD, FIRST, LEARNT, MOVED, NOW, PATH, SECOND, SECRET, holding, told
from tests.memory.subspaces import error

from sleepy.daemon.base import lock
from sleepy.daemon.base.config import Config
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home
from sleepy.daemon.base.pattern import spoken
from sleepy.daemon.base.state_keys import FORGETTING
from sleepy.daemon.cli import cli
from sleepy.daemon.serve import serve
from sleepy.daemon.versions import gc, lookup, unfinished
from sleepy.daemon.versions.forget import Done, forget, resume
from sleepy.memory.episodic import (
    episodes,
    forgettings,
    lessons,
    nights,
    patterns,
    routes,
    stages,
    state,
    tasks,
    verdict_cache,
    versions,
)
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.patterns import PatternState
from sleepy.memory.episodic.traces import Forgettable
from sleepy.memory.episodic.versions import Alias, VersionError

LATER = SECOND + timedelta(days=1)
STEPS = ("rows", "versions", "files", "record")


@dataclass(frozen=True, slots=True)
class Lived:
    home: Home
    numbers: dict[str, int]


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    home = Home(tmp_path_factory.mktemp("once") / "home")
    return Lived(home, told(home))


@pytest.fixture
def lived(once: Lived, tmp_path: Path) -> Lived:
    shutil.copytree(once.home.root, tmp_path / "home")
    return Lived(Home(tmp_path / "home"), once.numbers)


@pytest.fixture(scope="module")
def undisturbed(once: Lived, tmp_path_factory: pytest.TempPathFactory) -> Done:
    root = tmp_path_factory.mktemp("undisturbed") / "home"
    shutil.copytree(once.home.root, root)
    return forgotten(Lived(Home(root), once.numbers), Forgettable.PATH, PATH)


def forgotten(lived: Lived, kind: Forgettable, name: str) -> Done:
    with unfinished.opened(lived.home) as db:
        return forget(db, lived.home, kind, name, now=NOW)


def serves(home: Home) -> tuple[str, ...]:
    with Database.open(home.database) as db:
        served = serve.champion(db, home, base="built-in")
    return served.subspace.patterns if served.subspace is not None else ()


def test_a_forgotten_tasks_text_and_name_are_nowhere_in_the_home(lived: Lived) -> None:
    before = holding(lived.home, SECRET)
    assert {"sleepy.db", "reports/2026-11-23.md", "reports/2026-11-23.html"} <= set(before)
    assert any(name.endswith("held_out.jsonl") for name in before)
    with Database.open(lived.home.database, read_only=True) as reader:  # beside it SQLite keeps its log
        assert episodes.latest(reader)
        forgotten(lived, Forgettable.PATH, PATH)
        assert holding(lived.home, SECRET) == []
        assert holding(lived.home, PATH) == []


def test_a_forgotten_pattern_is_nowhere_in_the_home_and_no_version_has_it(lived: Lived) -> None:
    assert holding(lived.home, "zebra_field")
    forgotten(lived, Forgettable.PATTERN, FIELD)
    assert holding(lived.home, "zebra_field") == []
    assert FIELD not in serves(lived.home)


def test_an_episode_takes_its_task_along_when_it_was_the_last_of_it(lived: Lived) -> None:
    done = forgotten(lived, Forgettable.EPISODE, str(lived.numbers[PATH]))
    assert (done.episodes, done.lessons) == (1, 1)
    assert holding(lived.home, SECRET) == []


def test_a_task_stays_while_another_episode_of_it_is_left(lived: Lived) -> None:
    forgotten(lived, Forgettable.EPISODE, str(lived.numbers["bound_1"]))
    with Database.open(lived.home.database) as db:
        assert len(tasks.find(db, "bound_1")) == 1
        assert len(episodes.of_task(db, tasks.find(db, "bound_1")[0].digest)) == 1


def test_everything_below_a_folder_can_be_forgotten_at_once(lived: Lived) -> None:
    with Database.open(lived.home.database) as db:
        kind, name = lookup.to_forget(db, "ours/")
    assert forgotten(lived, kind, name).episodes == 1
    assert holding(lived.home, SECRET) == []


def test_a_file_of_a_crate_is_found_by_its_path_and_the_crate_by_its_folder(lived: Lived, tmp_path: Path) -> None:
    crate = tmp_path / "somewhere"
    (crate / "src").mkdir(parents=True)
    (crate / "Cargo.toml").write_text('[package]\nname = "ours"\n')
    (lived.home.root / "crates" / "mirror").mkdir(parents=True)
    (lived.home.root / "crates" / "mirror" / "zebra.rs").write_text(SECRET)
    with Database.open(lived.home.database) as db:
        assert lookup.to_forget(db, str(crate / "src" / "zebra.rs")) == (Forgettable.PATH, PATH)
        assert lookup.to_forget(db, str(crate)) == (Forgettable.PATH, "ours")
    forgotten(lived, Forgettable.PATH, "ours")
    assert holding(lived.home, SECRET) == []


def test_champion_and_previous_are_rebuilt_without_what_was_taught_with_it(lived: Lived) -> None:
    with Database.open(lived.home.database) as db:
        before = versions.pointed(db)
    done = forgotten(lived, Forgettable.PATH, PATH)
    with Database.open(lived.home.database) as db:
        after = versions.pointed(db)
        champion = serve.load(db, lived.home, after[Alias.CHAMPION], base="built-in")
        previous = serve.load(db, lived.home, after[Alias.PREVIOUS], base="built-in")
        assert champion.subspace is not None and previous.subspace is not None
        assert champion.subspace.patterns == (BOUND, FIELD)
        assert previous.subspace.patterns == (BOUND,)
        assert dict(champion.router.accepted) == {BOUND: BOUND, FIELD: FIELD} and not champion.router.reach
        for name in (BOUND, FIELD):
            assert error(champion.subspace.reconstruct(name), LEARNT[name]) < 1e-5
        assert set(champion.subspace.widths.values()) == {(8, 8)}  # as two patterns of rank 4 need
        assert champion.version is not None
        assert [item.signature for item in routes.of_version(db, champion.version)] == [FIELD, BOUND]
        for gone in before.values():
            assert gone is not None and versions.read(db, gone).removed is not None
            assert not (lived.home.versions / gone).exists()
            with pytest.raises(VersionError, match="collected"):
                versions.rollback(db, gone, reason="x", now=NOW)
    assert done.outcome.removed == (before[Alias.PREVIOUS], before[Alias.CHAMPION])
    assert done.outcome.rebuilt["champion"].damage < 1e-5


def test_a_lesson_replayed_for_another_pattern_taints_that_pattern_too(lived: Lived) -> None:
    forgotten(lived, Forgettable.PATH, "bound_1")
    assert serves(lived.home) == (MOVED,)  # FIELD was taught with bound_1's answer beside its own lessons


def test_a_version_that_did_not_learn_from_it_serves_on(lived: Lived) -> None:
    with Database.open(lived.home.database) as db:
        before = versions.pointed(db)
    forgotten(lived, Forgettable.PATH, "field_1")
    with Database.open(lived.home.database) as db:
        after = versions.pointed(db)
        assert after[Alias.PREVIOUS] == before[Alias.PREVIOUS]
        assert after[Alias.CHAMPION] != before[Alias.CHAMPION]
        assert serve.load(db, lived.home, after[Alias.PREVIOUS], base="built-in").router.accepted
    assert set(serves(lived.home)) == {MOVED, BOUND}


def test_the_bare_base_serves_when_no_pattern_is_left(lived: Lived) -> None:
    for name in (PATH, "bound_1"):
        forgotten(lived, Forgettable.PATH, name)
    assert serves(lived.home) == ()
    with Database.open(lived.home.database) as db:
        assert versions.pointed(db)[Alias.CHAMPION] is None
        assert list(lived.home.versions.iterdir()) == []


def test_the_patterns_may_be_learnt_again_and_other_memories_stay(lived: Lived) -> None:
    with Database.open(lived.home.database) as db:
        patterns.mark(db, MOVED, PatternState.MASTERED)
    forgotten(lived, Forgettable.PATH, PATH)
    with Database.open(lived.home.database) as db:
        assert {item.signature: item.state for item in patterns.overview(db)}[MOVED] is PatternState.FAILING
        assert verdict_cache.get(db, "a" * 64) is None and verdict_cache.get(db, "b" * 64) is not None
        first = nights.read(db, FIRST)
        assert first is not None and len(lessons.read(db, first.id)) == 2
        assert (lived.home.nights / "2026-11-23" / "held_out.jsonl").read_text().count("held_1") == 1
        assert not (lived.home.nights / "2026-11-23" / "adapters").exists()
        assert not (lived.home.nights / "2026-11-24" / "adapters").exists()


def test_a_night_that_held_nothing_out_is_no_hindrance(lived: Lived) -> None:
    (lived.home.nights / "2026-11-23" / "held_out.jsonl").write_text("\n")  # as nights wrote it that taught nothing
    forgotten(lived, Forgettable.PATH, PATH)
    with Database.open(lived.home.database) as db:
        assert unfinished.pending(db) is None


def test_reports_are_written_anew_with_the_decision_and_without_the_diff(lived: Lived) -> None:
    before = (lived.home.reports / "2026-11-24.md").read_text()
    done = forgotten(lived, Forgettable.PATH, PATH)
    after = (lived.home.reports / "2026-11-24.md").read_text()
    headline = next(line for line in before.splitlines() if line.startswith("**"))
    assert "Rewritten on 2026-11-25" in after and headline in after
    assert set(done.outcome.reports.values()) == {"rewritten"}
    assert len(after) > len(before) / 2
    with Database.open(lived.home.database) as db:
        found = nights.read(db, SECOND)
        assert found is not None and found.decision == "promote"
        assert [item.name for item in stages.of_night(db, found.id)]  # every artefact agrees with its hash


def test_that_it_was_forgotten_is_recorded_but_not_what(lived: Lived) -> None:
    done = forgotten(lived, Forgettable.PATH, PATH)
    with Database.open(lived.home.database) as db:
        (kept,) = forgettings.recent(db)
        assert (kept.kind, kept.digest, kept.episodes, kept.lessons) == (
            Forgettable.PATH,
            forgettings.named(PATH),
            1,
            1,
        )
        assert kept.outcome["removed"] == list(done.outcome.removed)
        assert state.get(db, FORGETTING) is None


def test_a_night_that_is_not_over_begins_anew(lived: Lived) -> None:
    with Database.open(lived.home.database) as db:
        now = nights.begin(db, NOW.date(), seed=1, now=NOW)
        stages.start(db, now.id, "collect", ordinal=0, inputs_hash="0" * 64, now=NOW)
        stages.finish(db, now.id, "collect", {"champion": versions.champion(db)}, now=NOW)
        folder = lived.home.nights / NOW.date().isoformat()
        (folder / "adapters").mkdir(parents=True)
    done = forgotten(lived, Forgettable.PATH, PATH)
    with Database.open(lived.home.database) as db:
        assert stages.of_night(db, now.id) == []
    assert done.outcome.begun_anew == ("2026-11-25",) and not folder.exists()


def test_the_users_own_koan_file_is_kept_and_named(lived: Lived) -> None:
    from sleepy.koans import koan as koans

    mine = koans.Koan("bound_1", "items", "Why.", 'fn a() -> u8 { "" }\n', "fn a() -> u8 { 0 }\n", "", origin="own")
    (lived.home.koans / "bound_1.toml").write_text(koans.write(mine))
    done = forgotten(lived, Forgettable.PATH, "bound_1")
    assert (lived.home.koans / "bound_1.toml").exists()
    assert len(done.kept) == 1 and "bound_1" in done.kept[0]


@pytest.mark.parametrize("step", STEPS)
def test_a_kill_at_any_step_serves_nothing_forgotten_and_running_again_ends_it(
    lived: Lived, undisturbed: Done, step: str
) -> None:
    killed = os.fork()
    if killed == 0:

        def die(what: str, done: int, total: int) -> None:
            if what == step:
                os.kill(os.getpid(), signal.SIGKILL)

        with unfinished.opened(lived.home) as db:
            forget(db, lived.home, Forgettable.PATH, PATH, now=NOW, say=die)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(killed, 0)[1]) == -signal.SIGKILL
    begun = step != "rows"
    assert (MOVED in serves(lived.home)) is not begun  # before the first step nothing has changed
    with unfinished.opened(lived.home) as db:
        assert (unfinished.pending(db) is not None) is begun
        if begun:
            with pytest.raises(UserError, match="interrupted"):
                gc.collect(db, lived.home, Config(), now=NOW)
            done = resume(db, lived.home, now=NOW)
        else:
            done = forget(db, lived.home, Forgettable.PATH, PATH, now=NOW)
    assert holding(lived.home, SECRET) == []
    assert done.outcome == undisturbed.outcome
    assert serves(lived.home) == (BOUND, FIELD)
    with Database.open(lived.home.database) as db:
        assert len(forgettings.recent(db)) == 1 and db.check() == []


def test_what_a_night_promoted_before_an_interrupted_one_was_ended_stays_champion(lived: Lived) -> None:
    def stop(what: str, done: int, total: int) -> None:
        if what == "versions":
            raise KeyboardInterrupt

    with unfinished.opened(lived.home) as db:
        with pytest.raises(KeyboardInterrupt):
            forget(db, lived.home, Forgettable.PATH, PATH, now=NOW, say=stop)
        night = nights.begin(db, LATER, seed=1, now=NOW)
        versions.register(db, "promoted", path="versions/promoted", files={}, parent=None, night=night.id, now=NOW)
        versions.promote(db, "promoted", night=night.id, reasons=["it won"], now=NOW)
        done = resume(db, lived.home, now=NOW)
        assert versions.champion(db) == "promoted" and "champion" not in done.outcome.rebuilt
        assert unfinished.pending(db) is None


def test_a_champion_too_damaged_to_be_rebuilt_leaves_the_bare_base(lived: Lived) -> None:
    with Database.open(lived.home.database) as db:
        champion = versions.champion(db)
    assert champion is not None
    (lived.home.versions / champion / "subspace.json").write_text("{}")
    done = forgotten(lived, Forgettable.PATH, PATH)
    assert "damaged" in done.outcome.rebuilt["champion"].reason
    assert serves(lived.home) == ()


class TestCommand:
    def run(self, lived: Lived, *words: str, typed: str = "") -> tuple[int, str]:
        done = CliRunner().invoke(cli, ["forget", "--home", str(lived.home.root), *words], input=typed)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            remedy = getattr(done.exception, "remedy", "")
            return getattr(done.exception, "exit_code", 70), f"{done.output}{done.exception}; {remedy}"
        return done.exit_code, done.output

    def test_it_asks_first_and_no_changes_nothing(self, lived: Lived) -> None:
        code, said = self.run(lived, PATH, typed="n\n")
        assert (
            code == 1
            and "2 versions learnt from it" in said
            and spoken(MOVED) in said
            and "Nothing was forgotten" in said
        )
        assert MOVED in serves(lived.home)

    def test_yes_forgets_and_says_what_changed(self, lived: Lived) -> None:
        code, said = self.run(lived, PATH, "--yes")
        assert code == 0, said
        assert "Forgotten: 1 episode, 1 lesson." in said and "The champion is" in said and SECRET not in said

    def test_json_tells_the_outcome(self, lived: Lived) -> None:
        code, said = self.run(lived, str(lived.numbers["field_1"]), "--yes", "--json")
        found = json.loads(said)
        assert code == 0 and found["kind"] == "episode" and found["outcome"]["rebuilt"]["champion"]["version"]

    def test_with_yes_a_pattern_must_be_named_whole(self, lived: Lived) -> None:
        code, said = self.run(lived, FIELD[:8], "--yes")
        assert code == 2 and FIELD in said
        assert FIELD in serves(lived.home)

    def test_it_refuses_while_the_daemon_works(self, lived: Lived) -> None:
        with lock.held(lived.home):
            code, said = self.run(lived, PATH, "--yes")
        assert code == 2 and "is already working" in said
        assert MOVED in serves(lived.home)

    def test_an_unknown_name_suggests_near_ones(self, lived: Lived) -> None:
        code, said = self.run(lived, "bound_2", "--yes")
        assert code == 2 and "did you mean 'bound_1'?" in said
        code, said = self.run(lived, "99", "--yes")
        assert code == 2 and "no episode 99" in said

    def test_without_an_argument_only_an_interrupted_one_is_ended(self, lived: Lived) -> None:
        assert self.run(lived)[0] == 2
