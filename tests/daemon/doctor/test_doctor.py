"""The doctor: each fault is found, named, and given a remedy; what is well is said to be."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import torch
from tests.daemon.cli.test_cli import sleepy
from tests.postgresql import Server
from torch import Tensor, nn

from sleepy.daemon.base.config import Config
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home
from sleepy.daemon.base.state_keys import FORGETTING, SINCE
from sleepy.daemon.compute.compute import Compute
from sleepy.daemon.doctor import Grade, Unwell, Warned, examine, history, inference, machine
from sleepy.daemon.doctor.finding import found
from sleepy.daemon.model.language_model import LanguageModel
from sleepy.daemon.serve import serve
from sleepy.memory.episodic import nights, state, versions
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.tables import REVISION
from sleepy.memory.parametric.adapter import Adapter, Factors
from sleepy.memory.parametric.router import Router
from sleepy.memory.parametric.share_linear import linear_layers
from sleepy.memory.parametric.subspace import Subspace

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home").make()
    Database.open(home.database).close()
    return home


def test_a_check_that_fails_is_a_finding_and_the_next_one_goes_on(tmp_path: Path) -> None:
    findings = list(examine(Home(tmp_path / "none"), Config(tier="firejail"), now=NOW, quick=True))
    by_name = {item.what: item for item in findings}
    assert by_name["sandbox"].grade is Grade.BAD and by_name["sandbox"].remedy
    assert by_name["disk"].grade is Grade.OK
    assert "adapter" not in by_name and not (tmp_path / "none").exists()


def test_whatever_goes_wrong_in_a_check_has_a_remedy() -> None:
    def fails() -> str:
        raise KeyError("x")

    finding = found("thing", fails)
    assert (finding.grade, finding.well) == (Grade.BAD, False) and "KeyError" in finding.remedy


@pytest.mark.parametrize(("mib", "error"), [(100, Unwell), (700, Warned)])
def test_little_room_is_said_in_time(tmp_path: Path, mib: int, error: type[Exception]) -> None:
    with pytest.raises(error, match=f"{mib} MiB free"):
        machine.disk(Home(tmp_path / "not" / "there"), free=mib * 2**20)
    assert "GiB free" in machine.disk(Home(tmp_path), free=2**40)


def test_a_row_that_refers_to_nothing_is_found(home: Home) -> None:
    with sqlite3.connect(home.file) as raw:
        raw.execute("INSERT INTO tallies VALUES ('day', '', 'model', 7, '2026-11-24', 1, 1, 0.0, 0)")
    raw.close()
    with pytest.raises(Unwell, match=r"tallies row .* patterns that is not there"):
        history.database(home)


def test_a_database_that_is_none_is_named(home: Home) -> None:
    home.file.write_bytes(b"no database" * 900)
    finding = found("database", lambda: history.database(home))
    assert finding.grade is Grade.BAD and str(home.file) in finding.said and finding.remedy
    assert found("clock", lambda: history.clock(home, NOW)).well  # its own line is enough


def test_something_written_down_for_later_is_a_warning(home: Home) -> None:
    with Database.open(home.database) as db:
        state.put(db, SINCE, {}, now=NOW - timedelta(hours=1))
        assert "no record is later" in history.clock(home, NOW)
        nights.begin(db, date(2026, 12, 24), seed=1, now=NOW + timedelta(days=30))
    with pytest.raises(Warned, match="2026-12-24"):
        history.clock(home, NOW)


def test_a_clock_that_leaps_is_a_warning(home: Home) -> None:
    walls: Iterator[float] = iter([1000.0, 1007.2])
    steadies: Iterator[float] = iter([5.0, 5.2])
    with pytest.raises(Warned, match=r"jumped by \+7\.0 s"):
        history.clock(home, NOW, wall=lambda: next(walls), steady=lambda: next(steadies))


def test_nights_that_came_to_no_end_are_a_warning(home: Home) -> None:
    assert "no night yet" in history.schedule(home, Config(), NOW)
    with Database.open(home.database) as db:
        good = nights.begin(db, date(2026, 11, 23), seed=1, now=NOW)
        nights.finish(db, good.id, report=None, now=NOW)
        assert "last good night 2026-11-23" in history.schedule(home, Config(), NOW)
        with pytest.raises(Warned, match="11 days ago"):
            history.schedule(home, Config(), NOW + timedelta(days=10))
        bad = nights.begin(db, date(2026, 11, 24), seed=1, now=NOW)
        nights.fail(db, bad.id, "train: out of memory", now=NOW)
    with pytest.raises(Warned, match="failed: train: out of memory"):
        history.schedule(home, Config(), NOW)


def test_a_night_that_never_comes_is_a_fault(home: Home) -> None:
    with pytest.raises(Unwell, match="never comes"):
        history.schedule(home, Config(night_at="0 3 31 2 *"), NOW)


def test_a_device_torch_does_not_have_is_a_fault(home: Home) -> None:
    with pytest.raises(UserError, match="cuda:99"):
        inference.torch_works(Config(device="cuda:99"), home)


def test_what_is_computed_with_is_said_with_what_was_measured(home: Home) -> None:
    said = inference.torch_works(Config(device="cpu"), home)
    assert "on cpu, " in said and "1 thread" in said and "answers in float32 " in said and "trains in float32 " in said


def test_a_precision_that_is_far_slower_here_is_warned_of() -> None:
    slow = Compute("cpu", "float32", "bfloat16", measured={"trains": {"float32": 3416.0, "bfloat16": 280.0}})
    with pytest.raises(Warned, match="float32 trains 12 times as fast here") as raised:
        inference._speeds(slow, "")
    assert raised.value.remedy == "`sleepy config set dtype auto`"


def test_an_adapter_counts_on_a_model_that_runs_it(tiny: LanguageModel) -> None:
    said = inference.adapter_counts(tiny)
    assert "where it is routed, by 0 elsewhere" in said
    assert type(next(iter(linear_layers(tiny.model).values()))) is nn.Linear  # taken off again


class _Deaf(nn.Module):
    """Looks like a model with a layer to adapt, and says the same whatever that layer does."""

    def __init__(self, vocabulary: int) -> None:
        super().__init__()
        self.inner = nn.Linear(8, 8)
        self.said = nn.Embedding(vocabulary, 16)
        self.config: Any = None

    def forward(self, input_ids: Tensor) -> Any:
        said: Tensor = self.said(input_ids)
        self.inner(said[..., :8])
        return type("Out", (), {"logits": said})


class _Leaky(_Deaf):
    """Lets one row's change into all of them."""

    def forward(self, input_ids: Tensor) -> Any:
        said: Tensor = self.said(input_ids)
        return type("Out", (), {"logits": said + self.inner(said[..., :8]).mean()})


class _Flat(_Deaf):
    """Has no linear layer."""

    def __init__(self, vocabulary: int) -> None:
        super().__init__(vocabulary)
        self.inner = nn.Identity()  # type: ignore[assignment]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (_Flat, "odd has no linear layer"),
        (_Deaf, "changes nothing in the model"),
        (_Leaky, "a row without a route differs"),
    ],
)
def test_an_adapter_that_does_not_do_what_it_should_is_found(tiny: LanguageModel, kind: type[_Deaf], said: str) -> None:
    torch.manual_seed(0)
    model = LanguageModel("odd", kind(len(tiny.tokenizer)), tiny.tokenizer, tiny.format)
    with pytest.raises(Unwell, match=said):
        inference.adapter_counts(model)


@pytest.fixture
def promoted(home: Home, tiny: LanguageModel) -> Home:
    """A home whose champion is one pattern on the tiny model."""
    name, layer = next(iter(linear_layers(tiny.model).items()))
    n, d = layer.weight.shape
    subspace, _ = Subspace.found({"E1:x": Adapter({name: Factors(torch.ones(n, 1), torch.ones(1, d))})})
    router = Router({"E1:x": "E1:x"})
    version, path, files = serve.write(home, subspace, router, base=tiny.name)
    with Database.open(home.database) as db:
        night = nights.begin(db, date(2026, 11, 24), seed=1, now=NOW)
        versions.register(
            db, version, path=str(path), files=files, parent=None, night=night.id, routes=serve.rows(router, []),
            note=tiny.name, now=NOW,
        )  # fmt: skip
        versions.promote(db, version, night=night.id, reasons=[], now=NOW)
    return home


def test_the_champions_files_and_routes_are_tried(promoted: Home, tiny: LanguageModel) -> None:
    assert "1 route; every hash is as promoted, every route has an effect" in inference.champion(promoted, tiny)


def test_a_damaged_champion_is_a_fault_though_something_else_would_serve(promoted: Home, tiny: LanguageModel) -> None:
    path = next(promoted.versions.glob("*/*.safetensors"))
    path.write_bytes(path.read_bytes()[:-1] + b"\x00")
    with pytest.raises(UserError, match="damaged"):
        inference.champion(promoted, tiny)


def test_an_interrupted_forgetting_is_a_fault(home: Home) -> None:
    with Database.open(home.database) as db:
        state.put(db, FORGETTING, {"digest": "x"}, now=NOW)
    with pytest.raises(Unwell, match="a forgetting was interrupted") as raised:
        history.database(home)
    assert "sleepy forget" in raised.value.remedy


def test_on_the_command_line_a_fault_is_exit_1_with_its_remedy(tmp_path: Path) -> None:
    (tmp_path / "sleepy.db").write_bytes(b"no database" * 900)
    done = sleepy("doctor", "--quick", "--json", "--home", str(tmp_path))
    told = json.loads(done.stdout)
    assert done.returncode == 1 and told["well"] is False
    bad = [item for item in told["findings"] if item["grade"] == "bad"]
    assert [item["what"] for item in bad] == ["database"] and bad[0]["remedy"]


def test_a_shared_database_is_tried_by_its_server(server: Server, tmp_path: Path) -> None:
    server.command("CREATE DATABASE doctored")
    home = Home(tmp_path, server.address("doctored"))
    try:
        assert "reachable, nothing in it yet" in history.database(home)
        Database.open(home.database).close()
        assert re.search(rf": PostgreSQL [\d.]+, at revision {REVISION}, answers in [\d.]+ ms$", history.database(home))
        server.command("CREATE ROLE looker LOGIN")
        server.command("GRANT SELECT ON ALL TABLES IN SCHEMA public TO looker", "doctored")
        with pytest.raises(Unwell, match=r"may not change .*episodes"):
            history.database(Home(tmp_path, server.address("doctored").replace("sleepy@", "looker@")))
    finally:
        server.command("DROP DATABASE doctored WITH (FORCE)")
        server.command("DROP ROLE IF EXISTS looker")
    finding = found("database", lambda: history.database(Home(tmp_path, f"postgresql://u:s3cret@/d?host={tmp_path}")))
    assert finding.grade is Grade.BAD and "server runs" in finding.remedy and "s3cret" not in finding.said
