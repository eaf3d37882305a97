"""Two homes with folders of their own, one real database and one store: what the one has, the other gets."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner
from tests.daemon.remembered import FIELD, FIRST, NOW, PATH, SECOND, SECRET, holding, told
from tests.memory.subspaces import adapter
from tests.postgresql import Server

from sleepy.daemon.base.config import Config
from sleepy.daemon.base.home import Home
from sleepy.daemon.cli import cli
from sleepy.daemon.doctor import storage
from sleepy.daemon.doctor.finding import Grade, found
from sleepy.daemon.night import pieces
from sleepy.daemon.night.claim import Elsewhere, claimed, elsewhere
from sleepy.daemon.serve import serve
from sleepy.daemon.storage import home as stored
from sleepy.daemon.storage.store import Store
from sleepy.daemon.versions.forget import forget
from sleepy.daemon.versions.gc import collect
from sleepy.memory.episodic import candidates, nights, stages, versions
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.traces import Forgettable
from sleepy.memory.episodic.versions import Alias
from sleepy.memory.parametric.adapter import write_peft

TONIGHT = date(2026, 11, 25)
FOLDER = pytest.mark.parametrize("url", ["file"], indirect=True)  # a server would tell nothing new


def now() -> datetime:
    return NOW


@dataclass(frozen=True)
class Pair:
    """The first home lived two days and nights (see `told`); the second is empty."""

    one: Home
    two: Home
    db: Database  # as the second opened it
    store: Store


@pytest.fixture
def address(server: Server) -> Iterator[str]:
    name = f"t{uuid4().hex}"
    server.command(f"CREATE DATABASE {name}")
    yield server.address(name)
    server.command(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def pair(address: str, url: str, tmp_path: Path) -> Iterator[Pair]:
    one, two = (Home(tmp_path / name, address, url).make() for name in ("one", "two"))
    told(one)
    with Database.open(one.database) as db, claimed(db, one, TONIGHT, now) as claim:
        claim.begin()
    with Database.open(two.database) as db:
        yield Pair(one, two, db, Store(url))


def candidate(pair: Pair) -> tuple[int, Path]:
    """The number and the folder, in the first home, of an adapter that is still being tried."""
    night = nights.begin(pair.db, TONIGHT, seed=1, now=NOW)
    folder = pair.one.nights / TONIGHT.isoformat() / "adapters" / "0a.lora"
    write_peft(folder, adapter(4), "built-in")
    (folder / pieces.LEARNT).write_text("{}")
    path = folder.relative_to(pair.one.root)
    return candidates.begin(pair.db, night.id, "E0001:x@fn", base="built-in", folder=str(path), now=NOW), folder


def test_a_home_that_lacks_the_champion_gets_it_and_can_roll_back(pair: Pair) -> None:
    served = serve.champion(pair.db, pair.two, base="built-in")
    assert served.version == versions.champion(pair.db) and served.fallback == ""
    assert served.router.accepted[FIELD] == FIELD
    assert (pair.two.versions / str(served.version)).is_dir()
    before = versions.rollback(pair.db, reason="x", now=NOW)
    assert serve.champion(pair.db, pair.two, base="built-in").version == before != served.version


@FOLDER
def test_a_damaged_copy_is_replaced_and_a_damaged_object_is_not_served(pair: Pair, url: str) -> None:
    champion = str(serve.champion(pair.db, pair.two, base="built-in").version)
    (pair.two.versions / champion / "subspace.json").write_text("{}")
    assert serve.champion(pair.db, pair.two, base="built-in").fallback == ""
    shutil.rmtree(pair.two.versions / champion)
    pair.store.drop(f"versions/{champion}")
    served = serve.champion(pair.db, pair.two, base="built-in")
    assert served.version == versions.pointed(pair.db)[Alias.PREVIOUS] and "No such file" in served.fallback


@FOLDER
def test_a_store_that_is_away_leaves_the_days_their_base_model_and_says_so(pair: Pair) -> None:
    away = Home(pair.two.root, pair.two.url, "file:///unmounted/sleepy")
    served = serve.champion(pair.db, away, base="built-in")
    assert served.version is None and "there is no folder /unmounted/sleepy" in served.fallback
    assert "the base model serves in its place" in served.fallback


@FOLDER
def test_a_night_is_begun_where_the_store_has_what_is_needed(pair: Pair) -> None:
    _, folder = candidate(pair)
    why = elsewhere(pair.db, pair.two)
    assert why is not None and why.startswith(
        f"{folder.relative_to(pair.one.root)} is not in this home nor in its store"
    )
    with claimed(pair.db, pair.two, TONIGHT, now) as claim, pytest.raises(Elsewhere, match="nor in its store"):
        claim.begin()
    pieces.keep_what_is_needed(pair.db, pair.one)
    assert elsewhere(pair.db, pair.two) is None
    with claimed(pair.db, pair.two, TONIGHT, now) as claim:
        claim.begin()
    away = Home(pair.two.root, pair.two.url, "file:///unmounted/sleepy")
    shutil.rmtree(pair.two.nights)
    with claimed(pair.db, pair.one, TONIGHT, now) as claim:
        claim.begin()
    assert "there is no folder" in str(elsewhere(pair.db, away))


def test_a_night_that_was_cut_goes_on_in_the_other_home(pair: Pair) -> None:
    with claimed(pair.db, pair.one, TONIGHT, now) as claim:
        claim.begin()
        _, folder = candidate(pair)
        unfinished = folder.parent / "0b.lora"
        unfinished.mkdir()
        (folder.parent.parent / "held_out.jsonl").write_text("koans")
        pieces.keep(pair.one, folder.parent.parent)
        night = nights.begin(pair.db, TONIGHT, seed=1, now=NOW).id
        stages.start(pair.db, night, "collect", ordinal=0, inputs_hash="0" * 64, now=NOW)
        stages.finish(pair.db, night, "collect", {}, now=NOW)
    with claimed(pair.db, pair.two, TONIGHT, now) as claim:
        claim.begin()
        assert [item.name for item in stages.of_night(pair.db, night)] == ["collect"]
    here = pair.two.nights / TONIGHT.isoformat()
    assert (here / "held_out.jsonl").read_text() == "koans"
    assert [path.name for path in (here / "adapters").iterdir()] == ["0a.lora"]
    (here / "held_out.jsonl").write_text("later")
    pieces.keep(pair.two, here)
    with claimed(pair.db, pair.one, TONIGHT, now) as claim:  # and back, with what the second did
        claim.begin()
        assert [item.name for item in stages.of_night(pair.db, night)] == ["collect"]
    assert (folder.parent.parent / "held_out.jsonl").read_text() == "later"


@FOLDER
def test_a_night_of_which_the_store_has_half_is_begun_anew(pair: Pair, url: str) -> None:
    with claimed(pair.db, pair.one, TONIGHT, now) as claim:
        claim.begin()
        night = nights.begin(pair.db, TONIGHT, seed=1, now=NOW).id
        folder = pair.one.nights / TONIGHT.isoformat()
        (folder / "held_out.jsonl").write_text("koans")
        pieces.keep(pair.one, folder)
        stages.start(pair.db, night, "collect", ordinal=0, inputs_hash="0" * 64, now=NOW)
        stages.finish(pair.db, night, "collect", {}, now=NOW)
    pieces_of_it = pair.store._objects.sizes(f"nights/{TONIGHT}/held_out.jsonl")
    pair.store._objects.remove(min(pieces_of_it))  # its one file
    with claimed(pair.db, pair.two, TONIGHT, now) as claim:
        claim.begin()
        assert stages.of_night(pair.db, night) == []


@FOLDER
def test_a_report_is_read_in_the_other_home(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in pair.one.reports.iterdir():
        stored.keep(pair.one, path)
    monkeypatch.setenv("SLEEPY_DATABASE", pair.two.url)
    monkeypatch.setenv("SLEEPY_STORAGE", pair.two.storage)
    done = CliRunner().invoke(cli, ["report", "--home", str(pair.two.root), FIRST.isoformat()])
    assert done.exit_code == 0 and done.output.startswith("# Night of")


def test_what_is_forgotten_is_in_neither_the_store_nor_the_home(pair: Pair, tmp_path: Path) -> None:
    for date_ in (FIRST, SECOND):
        folder = pair.one.nights / date_.isoformat()
        (folder / "adapters" / "0123.lora" / pieces.LEARNT).write_text("{}")
        pieces.keep(pair.one, folder)
    for path in pair.one.reports.iterdir():
        stored.keep(pair.one, path)
    gone = str(versions.champion(pair.db))
    copy = Home(tmp_path / "copy")
    everything(pair.store, copy)
    assert holding(copy, SECRET)
    with Database.open(pair.one.database) as db:
        done = forget(db, pair.one, Forgettable.PATH, PATH, now=SECOND_AFTER)
    assert gone in done.outcome.removed
    shutil.rmtree(copy.root)
    everything(pair.store, copy)
    assert holding(copy, SECRET) == holding(copy, PATH) == []
    assert not pair.store.has(f"versions/{gone}")
    rebuilt = versions.champion(pair.db)
    assert serve.champion(pair.db, pair.two, base="built-in").version == rebuilt not in (None, gone)


SECOND_AFTER = datetime(SECOND.year, SECOND.month, SECOND.day, tzinfo=UTC) + timedelta(days=1)


def everything(store: Store, home: Home) -> None:
    for key in store.keys("versions") + store.keys("nights") + store.keys("reports"):
        store.get(key, home.root / key)


@FOLDER
def test_gc_takes_from_the_store_what_it_takes_from_the_home(pair: Pair) -> None:
    pieces.keep(pair.one, pair.one.nights / FIRST.isoformat())
    pair.store.put("nights/2020-01-01/asked.json", pair.one.nights / FIRST.isoformat() / "held_out.jsonl")
    before, champion = (versions.pointed(pair.db)[alias] for alias in (Alias.PREVIOUS, Alias.CHAMPION))
    versions.point(pair.db, Alias.PREVIOUS, None, reason="x", now=NOW)
    later = NOW + timedelta(days=400)
    collect(pair.db, pair.two, Config(keep_versions=1), now=later, dry=True)
    assert pair.store.has(f"versions/{before}")
    assert before in collect(pair.db, pair.two, Config(keep_versions=1), now=later).versions
    assert not pair.store.has(f"versions/{before}") and pair.store.has(f"versions/{champion}")
    left = {key.split("/")[1] for key in pair.store.keys("nights")}
    assert left == {"2020-01-01", TONIGHT.isoformat()}  # of another database; not over


@FOLDER
def test_the_doctor_tries_the_store(pair: Pair) -> None:
    def finding(home: Home) -> tuple[Grade, str]:
        found_ = found("storage", lambda: storage.storage(home))
        return found_.grade, found_.said

    grade, said = finding(pair.two)
    assert grade is Grade.OK and "is written in" in said and "hushhush" not in said
    pair.store.drop("versions")
    grade, said = finding(pair.two)
    assert grade is Grade.WARN and f"does not have versions/{versions.champion(pair.db)}" in said
    grade, said = finding(Home(pair.two.root, pair.two.url, "file:///unmounted/sleepy"))
    assert grade is Grade.BAD and "there is no folder" in said


def test_secrets_are_starred_wherever_the_store_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = "s3://bucket/team?key=mykey&secret=hushhush&endpoint_url=http://me:hushhush@127.0.0.1:9"
    monkeypatch.setenv("SLEEPY_STORAGE", url)
    monkeypatch.setenv("SLEEPY_HOME", str(tmp_path))
    for words in (["config", "list", "--json"], ["config", "get", "storage"], ["status", "--json"]):
        shown = CliRunner().invoke(cli, words).output
        assert "hushhush" not in shown and "mykey" not in shown, words
    assert "s3://bucket/team?key=***&secret=***&endpoint_url=http://me:***@127.0.0.1:9" in shown_setting()
    monkeypatch.setenv("SLEEPY_STORAGE", "s3://mykey:hushhush@bucket/team")
    refused = CliRunner().invoke(cli, ["config", "list"])
    assert "hushhush" not in refused.output + str(refused.exception) and "a bucket has no user" in str(
        refused.exception
    )


def shown_setting() -> str:
    return CliRunner().invoke(cli, ["config", "get", "storage"]).output
