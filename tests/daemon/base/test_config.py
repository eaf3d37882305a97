"""Settings: four layers, each stronger than the one before; what does not fit is named."""

from __future__ import annotations

import json
import os
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from sleepy.daemon.base import config
from sleepy.daemon.base.config import Config
from sleepy.daemon.base.errors import UserError


def _load(folder: Path, flags: dict[str, Any] | None = None, environment: dict[str, str] | None = None) -> Config:
    return config.load(
        flags, environment=environment or {}, project=folder / "sleepy.toml", user=folder / "config.toml"
    )


def test_without_files_the_defaults_hold(tmp_path: Path) -> None:
    assert _load(tmp_path) == Config()


def test_how_days_explore_leaves_an_interrupted_night_as_it_is_and_what_it_teaches_does_not(tmp_path: Path) -> None:
    assert Config(day_hints=False, day_samples=8, explore=9).learning() == Config().learning()
    assert Config(teach="own").learning() != Config().learning()
    with pytest.raises(UserError, match="teach"):
        _load(tmp_path, {"teach": "nothing"})


def test_each_layer_is_stronger_than_the_one_before(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("seed = 1\nlessons = 101\nheld_out = 11\nnight_patterns = 21\n")
    assert _load(tmp_path).seed == 1
    (tmp_path / "sleepy.toml").write_text("seed = 2\nlessons = 102\nheld_out = 12\n")
    assert _load(tmp_path).seed == 2
    environment = {"SLEEPY_SEED": "3", "SLEEPY_LESSONS": "103", "OTHER": "x", "SLEEPY_HOME": "/somewhere"}
    assert _load(tmp_path, environment=environment).seed == 3
    found = _load(tmp_path, {"seed": 4, "lessons": None}, environment)
    assert (found.seed, found.lessons, found.held_out, found.night_patterns) == (4, 103, 12, 21)


def test_every_setting_can_be_set_in_every_layer(tmp_path: Path) -> None:
    for item in fields(Config):
        value = getattr(Config(), item.name)
        shown = json.dumps(value)
        text = os.pathsep.join(value) if isinstance(value, tuple) else str(value)
        (tmp_path / "sleepy.toml").write_text(f"{item.name} = {shown}\n")
        assert _load(tmp_path) == Config()
        (tmp_path / "sleepy.toml").unlink()
        assert _load(tmp_path, environment={f"SLEEPY_{item.name.upper()}": text}) == Config()
        assert _load(tmp_path, {item.name: value}) == Config()


def test_an_unknown_key_gets_the_nearest_name(tmp_path: Path) -> None:
    path = tmp_path / "sleepy.toml"
    path.write_text("nihgt_at = '0 3 * * *'\n")
    with pytest.raises(UserError) as caught:
        _load(tmp_path)
    assert str(caught.value) == f"{path}: there is no setting 'nihgt_at'"
    assert caught.value.remedy == "did you mean night_at?"
    path.unlink()
    with pytest.raises(UserError, match="the environment: there is no setting 'SLEEPY_LESONS'") as caught:
        _load(tmp_path, environment={"SLEEPY_LESONS": "1"})
    assert caught.value.remedy == "did you mean SLEEPY_LESSONS?"
    with pytest.raises(UserError, match="the command line: there is no setting '--day-task'") as caught:
        _load(tmp_path, {"day_task": 1})
    assert caught.value.remedy == "did you mean --day-tasks?"
    with pytest.raises(UserError) as caught:
        _load(tmp_path, {"zzz": 1})
    assert all(item.name in caught.value.remedy for item in fields(Config))


@pytest.mark.parametrize(
    ("key", "value", "remedy"),
    [
        ("seed", "many", "give a whole number, such as the default 0"),
        ("seed", 1.5, "give a whole number"),
        ("seed", True, "give a whole number"),
        ("seed", -1, "from 0 to"),
        ("seed", [1], "give a whole number"),
        ("target", "high", "give a number, such as the default 0.8"),
        ("target", 1.01, "from 0.0 to 1.0"),
        ("target", "nan", "from 0.0 to 1.0"),
        ("replay", 1, "from 0.0 to 0.9"),
        ("alpha", 0, "from 1e-06 to 0.5"),
        ("day_tasks", 0, "from 1 to 100000"),
        ("threads", "-1", "auto or a number"),
        ("threads", "two", "auto or a number"),
        ("dtype", "int3", "auto, float32, bfloat16 or float16"),
        ("device", "gpu", "auto, cpu, cuda, cuda:1 or mps"),
        ("pattern_seconds", "inf", "from 1.0 to 86400.0"),
        ("model", 7, "text"),
        ("format", "prose", "whole-file or numbered-lines"),
        ("server", "localhost:8000", "http://host:8000/v1"),
        ("ping_url", "http://", "http://host:8000/v1"),
        ("day_at", "often", "five cron fields"),
        ("night_at", "0 25 * * *", "five cron fields"),
        ("night_at", "", "five cron fields"),
    ],
)
def test_a_value_that_does_not_fit_is_named_with_what_would(tmp_path: Path, key: str, value: Any, remedy: str) -> None:
    with pytest.raises(UserError) as caught:
        _load(tmp_path, {key: value})
    assert f"--{key.replace('_', '-')} is {value!r}" in str(caught.value) or repr(float(value)) in str(caught.value)
    assert remedy in caught.value.remedy
    assert caught.value.exit_code == 2


def test_words_in_the_environment_become_numbers(tmp_path: Path) -> None:
    found = _load(tmp_path, environment={"SLEEPY_TARGET": "0.5", "SLEEPY_SEED": "12"})
    assert (found.target, found.seed) == (0.5, 12)


def test_a_whole_float_is_a_whole_number(tmp_path: Path) -> None:
    (tmp_path / "sleepy.toml").write_text("lessons = 150.0\n")
    assert _load(tmp_path).lessons == 150


@pytest.mark.parametrize("text", [b"seed = ", b"seed = '\xff'"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "config.toml").write_bytes(text)
    with pytest.raises(UserError, match=r"config\.toml: ") as caught:
        _load(tmp_path)
    assert "correct the file" in caught.value.remedy
    (tmp_path / "config.toml").unlink()
    (tmp_path / "config.toml").mkdir()
    with pytest.raises(UserError, match=r"config\.toml: "):
        _load(tmp_path)


def test_lists_and_truths_are_read_in_every_layer(tmp_path: Path) -> None:
    (tmp_path / "sleepy.toml").write_text('crates = ["/a", "/b c"]\nonly_on_ac = true\n')
    assert _load(tmp_path).crates == ("/a", "/b c")
    assert _load(tmp_path).only_on_ac
    environment = {"SLEEPY_CRATES": f"/c{os.pathsep}/d", "SLEEPY_ONLY_ON_AC": "no"}
    found = _load(tmp_path, environment=environment)
    assert (found.crates, found.only_on_ac) == (("/c", "/d"), False)


@pytest.mark.parametrize(("key", "value"), [("crates", [1]), ("crates", 7), ("only_on_ac", "maybe"), ("only_on_ac", 2)])
def test_what_is_no_list_or_truth_is_named(tmp_path: Path, key: str, value: Any) -> None:
    with pytest.raises(UserError, match=key.replace("_", "-")) as caught:
        _load(tmp_path, {key: value})
    assert "give " in caught.value.remedy
