"""`sleepy init`: makes what is missing, explains itself, overwrites nothing."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from tests.daemon.cli.test_cli import sleepy

from sleepy.daemon.base import config
from sleepy.daemon.base.config import Config
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home
from sleepy.daemon.settings.described import every
from sleepy.daemon.settings.init import init, template


@pytest.fixture
def crate(tmp_path: Path) -> Path:
    folder = tmp_path / "mine"
    (folder / "src").mkdir(parents=True)
    (folder / "Cargo.toml").write_text('[package]\nname = "mine"\nversion = "0.1.0"\n')
    return folder


def begun(tmp_path: Path, *paths: Path, here: Path | None = None) -> tuple[Path, ...]:
    return init(Home(tmp_path / "home"), tmp_path / "config.toml", paths, here=here or tmp_path).crates


def test_the_crate_around_the_current_folder_is_taken(tmp_path: Path, crate: Path) -> None:
    assert begun(tmp_path, here=crate / "src") == (crate,)
    found = config.load(environment={}, project=tmp_path / "config.toml", user=tmp_path / "none")
    assert found == Config(crates=(str(crate),))
    assert (tmp_path / "home" / "versions").is_dir()


def test_of_a_workspace_the_whole_is_taken(tmp_path: Path, crate: Path) -> None:
    (tmp_path / "Cargo.toml").write_text('[workspace]\nmembers = ["mine"]\n')
    assert begun(tmp_path, here=crate / "src") == (tmp_path,)


def test_a_folder_around_that_is_no_workspace_is_not(tmp_path: Path, crate: Path) -> None:
    (tmp_path / "Cargo.toml").write_text('[package]\nname = "outer"\nversion = "0.1.0"\n')
    assert begun(tmp_path, here=crate / "src") == (crate,)


def test_without_a_crate_there_is_none(tmp_path: Path) -> None:
    assert begun(tmp_path) == ()
    assert "crates" not in tomllib.loads((tmp_path / "config.toml").read_text())


def test_what_is_no_crate_is_refused_and_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"it has no Cargo\.toml"):
        begun(tmp_path, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_nothing_that_is_there_is_overwritten(tmp_path: Path, crate: Path) -> None:
    (tmp_path / "config.toml").write_text("seed = 3\n")
    first = init(Home(tmp_path / "home"), tmp_path / "config.toml", (crate,), here=tmp_path)
    assert (first.home_made, first.file_made, first.missing) == (True, False, (crate,))
    assert (tmp_path / "config.toml").read_text() == "seed = 3\n"
    again = init(Home(tmp_path / "home"), tmp_path / "other.toml", (crate,), here=tmp_path)
    assert (again.home_made, again.file_made, again.missing) == (False, True, ())
    third = init(Home(tmp_path / "home"), tmp_path / "other.toml", (crate,), here=tmp_path)
    assert (third.file_made, third.missing) == (False, ())


def test_the_file_shows_every_setting_and_its_reason_and_changes_none() -> None:
    text = template()
    assert tomllib.loads(text) == {}
    for item in every():
        assert f"\n# {item.key} = " in text and f"\n#   {item.why}\n" in text
    for line in text.splitlines():  # each can be taken as it is
        if line.startswith("# ") and " = " in line:
            assert tomllib.loads(line.removeprefix("# "))


def test_the_command_says_what_it_made_what_works_and_what_is_next(tmp_path: Path, crate: Path) -> None:
    said = {"XDG_CONFIG_HOME": str(tmp_path / "cfg")}
    done = sleepy("init", "--home", str(tmp_path / "home"), cwd=crate, **said)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"made  home      {tmp_path / 'home'}" in done.stdout and str(crate) in done.stdout
    assert "ok   sandbox" in done.stdout and "sleepy start" in done.stdout
    told = json.loads(sleepy("init", "--home", str(tmp_path / "home"), "--json", cwd=crate, **said).stdout)
    assert (told["home_made"], told["file_made"], told["crates"], told["missing"]) == (False, False, [str(crate)], [])
    assert told["well"] is True
