"""`sleepy model check`: what it says is what was measured on a real model in the real sandbox."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from sleepy.daemon.base.config import Config
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home
from sleepy.daemon.base.listener import silent
from sleepy.daemon.compute.compute import Compute
from sleepy.daemon.model_store import check, store
from sleepy.sandbox.sandbox import Sandbox


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("SLEEPY_HOME", str(tmp_path / "home"))
    return Home(tmp_path / "home")


def test_an_adopted_model_is_measured(plain_base: Path, home: Home, sandbox: Sandbox) -> None:
    store.added(str(plain_base), "mine")
    store.adopted("mine", "marked", 14)
    found = check.check("marked", Config(model="marked", dtype="float32", threads="1"), home, sandbox, silent)
    assert (found.architecture, found.format, found.window) == ("llama", "choice", 14)
    assert (found.answers, found.trains, found.device) == ("float32", "float32", "cpu")
    assert found.asked == found.applied == check.KOANS  # constrained answers always apply
    assert found.passed <= found.asked
    assert found.prompt_tokens > 100 * found.asked and found.answer_tokens >= found.asked
    assert found.night is not None and found.night.speed > 0
    assert 100 < found.night.peak < 4000 and found.peak > 100
    told = check.view(found)
    assert f"{found.passed} of 5 koans repaired, 5 answers applied" in told
    assert f"{found.night.peak:,} for each pattern in training" in told
    assert "windows of 14 lines" in told
    assert json.loads(check.line(found))["night"]["peak"] == found.night.peak


def test_a_model_too_small_for_any_koan_is_refused(
    plain_base: Path, home: Home, sandbox: Sandbox, tmp_path: Path
) -> None:
    short = Path(shutil.copytree(plain_base, tmp_path / "short"))
    config = json.loads((short / "config.json").read_text())
    (short / "config.json").write_text(json.dumps({**config, "max_position_embeddings": 64}))
    with pytest.raises(UserError, match="no koan fits the model: it needs"):
        check.check(str(short), Config(dtype="float32", threads="1"), home, sandbox, silent)


def test_what_fails_in_training_is_said(plain_base: Path, home: Home) -> None:
    with pytest.raises(UserError, match="no such file or folder") as caught:
        check.rehearsed(str(plain_base / "nothing"), Compute(), "", [("a", "b")])
    assert "sleepy model list" in caught.value.remedy
    with pytest.raises(UserError, match="no lesson fits into the 2048 tokens"):
        check.rehearsed(str(plain_base), Compute(), "", [("a " * 3000, "b")])


def test_the_training_processs_memory_is_its_own(plain_base: Path, home: Home) -> None:
    ballast = bytearray(1 << 30)  # of this process, which a child's ru_maxrss would begin with
    ballast[:: 1 << 12] = b"x" * len(ballast[:: 1 << 12])
    found = check.rehearsed(str(plain_base), Compute(), "", [("fn main() {}", "a"), ("fn f() {}", "b")])
    assert 100 < found.peak < 1000
    del ballast
